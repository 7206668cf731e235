namespace GenQ.Compute;

/// <summary>Shares the rows of a matrix out among threads.</summary>
internal static class Ranges
{
    /// <summary>How many threads work; one does so without any other being woken.</summary>
    public static int Threads { get; set; } = Environment.ProcessorCount;

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
    /// <param name="body">Gets a range's number, first row and row behind the last.</param>
    public static void For(int count, int size, Action<int, int, int> body)
    {
        int ranges = (count + size - 1) / size, next = -1;
        if (Threads == 1 || ranges <= 1) Take();
        else Team(Math.Min(Threads, ranges), Take);

        // Whichever thread is free takes the next range.
        void Take()
        {
            for (int range = Interlocked.Increment(ref next); range < ranges; range = Interlocked.Increment(ref next))
                body(range, range * size, Math.Min(count, (range + 1) * size));
        }
    }
}
