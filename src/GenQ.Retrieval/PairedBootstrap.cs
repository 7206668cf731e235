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
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Count, first.Count);
        return Mean([.. first.Zip(second, (a, b) => b - a)], seed);
    }

    /// <summary>The mean of one system's values with its 95 % interval of 10,000 resamples.</summary>
    /// <param name="values">One value per query.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    public static BootstrapInterval Mean(IReadOnlyList<double> values, long seed = 1)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count);
        double[] drawn = [.. values];
        double[] means = new double[Resamples];
        Parallel.For(0, Resamples, resample =>
        {
            CounterRandom random = new(seed, resample);
            double sum = 0;
            for (int i = 0; i < drawn.Length; i++) sum += drawn[random.Below(drawn.Length, i)];
            means[resample] = sum / drawn.Length;
        });
        Array.Sort(means);
        return new BootstrapInterval(means[Outside], drawn.Average(), means[^(Outside + 1)]);
    }
}
