namespace GenQ.Documents;

/// <summary>How files are read.</summary>
public sealed record DocumentLoaderOptions
{
    /// <summary>
    /// Bytes a file may have, after decompression; larger ones are skipped. The default is 256 MB: manuals of thousands of
    /// pages have a tenth of it, and files are read whole.
    /// </summary>
    public long MaxFileBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(MaxFileBytes));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1 << 30, nameof(MaxFileBytes));
            field = value;
        }
    } = 256 << 20;

    /// <summary>Files read at the same time. The default is one per core, at most 8, which bounds the memory.</summary>
    public int Parallelism
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(Parallelism));
            field = value;
        }
    } = Math.Min(Environment.ProcessorCount, 8);
}
