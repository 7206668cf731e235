namespace GenQ.Text;

/// <summary>UTF-8 as the tokenizers see it: bytes that begin characters.</summary>
internal static class Utf8
{
    /// <summary>The length in bytes (1 to 4) of the character that <paramref name="first"/> begins.</summary>
    public static int CharacterLength(byte first) => first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}
