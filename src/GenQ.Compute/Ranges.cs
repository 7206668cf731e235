namespace GenQ.Compute;

/// <summary>Shares the rows of a matrix out among threads.</summary>
internal static class Ranges
{
    /// <summary>How many threads work; one does so without any other being woken.</summary>
    public static int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>Does <paramref name="body"/> for ranges of <paramref name="size"/> that together are all of 0 to <paramref name="count"/>.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="size">
    /// Rows of a range. The ranges are the same whatever the number of threads, so what is summed up by range comes out the same too.
    /// </param>
    /// <param name="body">Gets a range's number, first row and row behind the last.</param>
    public static void For(int count, int size, Action<int, int, int> body)
    {
        int ranges = (count + size - 1) / size;
        if (Threads == 1 || ranges == 1)
        {
            for (int range = 0; range < ranges; range++) body(range, range * size, Math.Min(count, (range + 1) * size));
            return;
        }

        Parallel.For(
            0, ranges, new ParallelOptions { MaxDegreeOfParallelism = Threads },
            range => body(range, range * size, Math.Min(count, (range + 1) * size)));
    }
}
