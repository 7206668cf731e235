namespace GenQ.Models;
/// <summary>Temporary.</summary>
public static class Tokenizer
{
    /// <summary>Temporary.</summary>
    public static ITokenizer Load(string folder) => throw new NotImplementedException(folder);
}
