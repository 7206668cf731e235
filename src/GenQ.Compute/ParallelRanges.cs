namespace GenQ.Compute;

/// <summary>Shares the rows of a matrix out among threads.</summary>
internal static class ParallelRanges
{
    // Some ten microseconds of a kernel.
    private const long LittleWork = 1 << 14;

    [ThreadStatic]
    private static bool _isAlone;

    /// <summary>How many threads work; one does so without any other being woken.</summary>
    public static int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>Whether the calling thread does all its ranges itself, because others have work of their own.</summary>
    public static bool IsAlone
    {
        get => _isAlone;
        set => _isAlone = value;
    }

    /// <summary>
    /// Runs its second argument once on each of so many threads at once, and returns when all are done. The default are threads of .NET's pool.
    /// </summary>
    public static Action<int, Action> Team { get; set; } = static (threads, work) =>
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => work());

    /// <summary>Does <paramref name="body"/> for ranges of <paramref name="size"/> that together are all of 0 to <paramref name="count"/>.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="size">
    /// Rows of a range. The ranges are the same whatever the number of threads, so what is summed up by range comes out the same too.
    /// </param>
    /// <param name="numbers">How many numbers a row has to be read, about: little work is done before others are awake.</param>
    /// <param name="body">Gets a range's number, first row and row behind the last.</param>
    public static void For(int count, int size, long numbers, Action<int, int, int> body)
    {
        int ranges = (count + size - 1) / size, next = -1;
        if (Threads == 1 || _isAlone || ranges <= 1 || count * numbers < LittleWork) Take();
        else Team(Math.Min(Threads, ranges), Take);

        // Whichever thread is free takes the next range.
        void Take()
        {
            for (int range = Interlocked.Increment(ref next); range < ranges; range = Interlocked.Increment(ref next))
                body(range, range * size, Math.Min(count, (range + 1) * size));
        }
    }
}
