using System.Security.Cryptography;

namespace GenQ.Data;

/// <summary>What genq.json knows of a file that a stage has written.</summary>
/// <param name="Size">Its bytes.</param>
/// <param name="Sha256">Its SHA-256, in lower-case hexadecimal digits.</param>
internal sealed record RecordedFile(long Size, string Sha256)
{
    private const int ShownDigits = 12;

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static RecordedFile Of(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.SequentialScan);
        return new RecordedFile(file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Size:N0} bytes, SHA-256 {Sha256[..Math.Min(ShownDigits, Sha256.Length)]}…");
}
