using GenQ.Compute;

namespace GenQ.Retrieval;

/// <summary>
/// Compares two systems over the same queries by the paired randomisation test (Fisher 1935; for search Smucker, Allan and Carterette 2007): if both were
/// alike, each query's difference could as well have the other sign. How often is a mean difference then as large as the one that was found?
/// </summary>
public static class PairedRandomization
{
    private const int Permutations = 10_000;

    /// <summary>The two-sided p-value of the mean of several kinds' mean differences, each kind counted alike.</summary>
    /// <param name="kinds">One difference per query of each kind; none is empty.</param>
    /// <param name="seed">The same seed gives the same value.</param>
    /// <returns>In (0, 1], of 10,000 permutations, the one that was found counted in.</returns>
    public static double P(IReadOnlyList<IReadOnlyList<double>> kinds, long seed = 1)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        ArgumentOutOfRangeException.ThrowIfZero(kinds.Count);
        double[][] differences = [.. kinds.Select(kind => kind.Where(difference => difference != 0).ToArray())];
        int[] counts = [.. kinds.Select(kind => kind.Count)];
        foreach (int count in counts) ArgumentOutOfRangeException.ThrowIfZero(count, nameof(kinds));

        // What differs by the order of a sum alone is as large.
        double found = Math.Abs(differences.Zip(counts, (kind, count) => kind.Sum() / count).Sum()) - 1e-12;
        int asLarge = 0;
        Parallel.For(0, Permutations, permutation =>
        {
            CounterRandom random = new(seed, permutation);
            int draw = 0;
            double total = 0;
            for (int kind = 0; kind < differences.Length; kind++)
            {
                double sum = 0;
                ulong signs = 0;
                for (int i = 0; i < differences[kind].Length; i++)
                {
                    if (i % 64 == 0) signs = random.Bits(draw++);
                    sum += (signs & 1) == 0 ? differences[kind][i] : -differences[kind][i];
                    signs >>= 1;
                }

                total += sum / counts[kind];
            }

            if (Math.Abs(total) >= found) Interlocked.Increment(ref asLarge);
        });
        return (asLarge + 1.0) / (Permutations + 1);
    }
}
