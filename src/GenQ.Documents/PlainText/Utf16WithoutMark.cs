using System.Globalization;
using System.Text;

namespace GenQ.Documents;

/// <summary>
/// Knows UTF-16 that has no byte order mark: its bytes hold what text of no other encoding does, zeros and control characters, and its
/// characters
/// are those of a few scripts.
/// </summary>
internal static class Utf16WithoutMark
{
    // Of Chinese a tenth of the characters have such a byte, of everything else more; a text of bytes may have a stray one.
    private const int BytesPerControl = 100;

    // A part of a long text is enough.
    private const int Sample = 1 << 16;

    // In the wrong order the characters are spread over all that Unicode has, and over what it has not.
    private const int CharactersPerStranger = 50;

    /// <summary>Returns the encoding, or <see langword="null"/> where it is none of the two.</summary>
    public static Encoding? Detect(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4) return null;
        ReadOnlySpan<byte> sample = bytes[..(Math.Min(bytes.Length, Sample) & ~1)];
        int controls = 0;
        foreach (byte b in sample)
        {
            if (b is < 9 or > 13 and < 0x1A or > 0x1B and < 0x20) controls++;
        }

        if (controls * BytesPerControl < sample.Length || controls == 0) return null;
        int? little = HighBytes(sample, isLittleEndian: true), big = HighBytes(sample, isLittleEndian: false);
        if (little is null && big is null) return null;
        return big is null || little <= big ? Encoding.Unicode : Encoding.BigEndianUnicode;
    }

    // How many different high bytes the characters have, the fewer the likelier; null where it is no text.
    private static int? HighBytes(ReadOnlySpan<byte> sample, bool isLittleEndian)
    {
        Span<bool> seen = stackalloc bool[256];
        int strangers = 0, count = 0, letters = 0;
        for (int i = 0; i < sample.Length; i += 2)
        {
            int low = isLittleEndian ? sample[i] : sample[i + 1], high = isLittleEndian ? sample[i + 1] : sample[i];
            int c = (high << 8) | low;
            if (!IsOfLivingScript(c)) strangers++;
            else if (char.IsLetter((char)c)) letters++;
            if (seen[high]) continue;
            seen[high] = true;
            count++;
        }

        return strangers * CharactersPerStranger > sample.Length / 2 || letters == 0 ? null : count;
    }

    private static bool IsOfLivingScript(int c) => c switch
    {
        < 0x20 => c is >= 9 and <= 13 or 0x1A,
        < 0x7F => true,
        < 0xA0 => false,
        <= 0x06FF => IsAssigned(c),
        >= 0x0900 and <= 0x0EFF or >= 0x10A0 and <= 0x10FF or >= 0x1E00 and <= 0x1FFF => IsAssigned(c),
        >= 0x2000 and <= 0x206F or >= 0x20A0 and <= 0x20BF or >= 0x2100 and <= 0x22FF or >= 0x2460 and <= 0x27BF => true,
        >= 0x3000 and <= 0x30FF or >= 0x4E00 and <= 0x9FFF or >= 0xAC00 and <= 0xD7A3 or >= 0xFF00 and <= 0xFFEF => true,
        _ => false,
    };

    private static bool IsAssigned(int c) => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.OtherNotAssigned;
}
