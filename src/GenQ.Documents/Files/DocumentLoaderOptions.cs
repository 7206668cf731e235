using GenQ.Data;

namespace GenQ.Documents;

/// <summary>How files are read.</summary>
public sealed record DocumentLoaderOptions
{
    /// <summary>
    /// Bytes a file may have, after decompression; larger ones are skipped. The default is 256 MB: manuals of thousands of
    /// pages have a tenth of it, and files are read whole.
    /// </summary>
    public long MaxFileBytes { get; init => field = Check.That(value, value is > 0 and <= 1 << 30, "between 1 and 2^30"); } = 256 << 20;

    /// <summary>Files read at the same time. The default is one per core, at most 8, which bounds the memory.</summary>
    public int Parallelism { get; init => field = Check.AtLeast(value, 1); } = Math.Min(Environment.ProcessorCount, 8);
}
