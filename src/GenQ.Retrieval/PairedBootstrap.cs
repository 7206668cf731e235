using GenQ.Compute;

namespace GenQ.Retrieval;

/// <summary>
/// Compares two systems over the same queries by the paired bootstrap (Efron and Tibshirani 1993, percentile interval): how
/// much could the mean difference change if other queries of the same kind had been drawn?
/// </summary>
public static class PairedBootstrap
{
    private const int Resamples = 10_000;
    private const int Outside = Resamples / 40; // 2.5 % on either side

    /// <summary>The mean of <paramref name="second"/> - <paramref name="first"/> with its 95 % interval of 10,000 resamples.</summary>
    /// <param name="first">One value per query.</param>
    /// <param name="second">The other system's values of the same queries, in the same order.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    public static BootstrapInterval Difference(IReadOnlyList<double> first, IReadOnlyList<double> second, long seed = 1)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfZero(first.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Count, first.Count);
        double[] differences = [.. first.Zip(second, (a, b) => b - a)];
        double[] means = new double[Resamples];
        Parallel.For(0, Resamples, resample =>
        {
            CounterRandom random = new(seed, resample);
            double sum = 0;
            for (int i = 0; i < differences.Length; i++) sum += differences[random.Below(differences.Length, i)];
            means[resample] = sum / differences.Length;
        });
        Array.Sort(means);
        return new BootstrapInterval(means[Outside], differences.Average(), means[^(Outside + 1)]);
    }
}
