namespace GenQ.Documents;

/// <summary>What reading a PDF may take before the file is given up.</summary>
/// <param name="Processes">Files that are read at the same time, each by a process of its own.</param>
/// <param name="HeapBytes">The largest heap of one process, whatever it reads.</param>
/// <param name="Memory">Memory of the process for a small file.</param>
/// <param name="MemoryPerByte">Bytes of memory that each byte of the file adds.</param>
/// <param name="ProcessorTime">Processor time for a small file; waiting for a busy machine does not count.</param>
/// <param name="ProcessorTimePerMegabyte">Processor time that each megabyte of the file adds.</param>
internal sealed record PdfLimits(int Processes, long HeapBytes, long Memory, int MemoryPerByte, TimeSpan ProcessorTime, TimeSpan ProcessorTimePerMegabyte)
{
    /// <summary>
    /// As many files at a time as a loader reads. All processes together may have half of the machine's memory, each between 512 MB and
    /// 2 GB. The slowest of two hundred PDFs, one of 1.6 MB, was read within 7 s; it may take 23 s.
    /// </summary>
    public static PdfLimits Default { get; } = Of(new DocumentLoaderOptions().Parallelism);

    /// <summary>The processor time for a file of so many bytes.</summary>
    public TimeSpan TimeFor(long bytes) => ProcessorTime + (ProcessorTimePerMegabyte * (bytes / (1024.0 * 1024.0)));

    /// <summary>The memory, in bytes, of the process that reads a file of so many bytes.</summary>
    public long MemoryFor(long bytes) => Memory + (MemoryPerByte * bytes);

    private static PdfLimits Of(int processes) => new(
        processes,
        Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2 / processes, 512L << 20, 2L << 30),
        700L << 20,
        30,
        TimeSpan.FromSeconds(7),
        TimeSpan.FromSeconds(10));
}
