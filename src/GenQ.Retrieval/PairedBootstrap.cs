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
        return MeanOfMeans([values], seed);
    }

    /// <summary>The mean of several kinds' means, each kind counted alike, with its 95 % interval: every kind is resampled for itself.</summary>
    /// <param name="kinds">One value per query of each kind; none is empty.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    public static BootstrapInterval MeanOfMeans(IReadOnlyList<IReadOnlyList<double>> kinds, long seed = 1)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        ArgumentOutOfRangeException.ThrowIfZero(kinds.Count);
        double[][] drawn = [.. kinds.Select(kind => kind.ToArray())];
        foreach (double[] kind in drawn) ArgumentOutOfRangeException.ThrowIfZero(kind.Length, nameof(kinds));
        double[] means = new double[Resamples];
        Parallel.For(0, Resamples, resample =>
        {
            CounterRandom random = new(seed, resample);
            int draw = 0;
            double total = 0;
            foreach (double[] kind in drawn)
            {
                double sum = 0;
                for (int i = 0; i < kind.Length; i++) sum += kind[random.Below(kind.Length, draw++)];
                total += sum / kind.Length;
            }

            means[resample] = total / drawn.Length;
        });
        Array.Sort(means);
        return new BootstrapInterval(means[Outside], drawn.Average(kind => kind.Average()), means[^(Outside + 1)]);
    }
}
