using System.Collections.ObjectModel;
using System.Numerics.Tensors;

namespace GenQ.Retrieval;

/// <summary>What a search found, best first, and how the scores of all passages are spread.</summary>
public sealed class Ranking : ReadOnlyCollection<SearchResult>
{
    // Scores nearer to one another than this, as a share of their size, may differ by rounding alone.
    private const double Rounding = 2e-3;

    // So few are added in fp32 that their sum is right to a millionth.
    private const int AddedTogether = 128;

    /// <summary>Creates a ranking.</summary>
    /// <param name="results">The best passages.</param>
    /// <param name="sum">The scores of all passages, found or not, added.</param>
    /// <param name="squares">Their squares, added.</param>
    /// <param name="passages">How many passages there are.</param>
    internal Ranking(SearchResult[] results, double sum, double squares, int passages)
        : base(results)
    {
        double meanSquare = squares / Math.Max(passages, 1), mean = sum / Math.Max(passages, 1), variance = meanSquare - mean * mean;
        Mean = (float)mean;
        Deviation = variance > Rounding * Rounding * meanSquare ? (float)Math.Sqrt(variance) : 0;
    }

    /// <summary>Adds up scores and their squares.</summary>
    internal static (double Sum, double Squares) Sums(ReadOnlySpan<float> scores)
    {
        double sum = 0, squares = 0;
        for (int start = 0; start < scores.Length; start += AddedTogether)
        {
            ReadOnlySpan<float> some = scores.Slice(start, Math.Min(AddedTogether, scores.Length - start));
            sum += TensorPrimitives.Sum(some);
            squares += TensorPrimitives.SumOfSquares(some);
        }

        return (sum, squares);
    }

    /// <summary>The mean score of all passages, found or not.</summary>
    public float Mean { get; }

    /// <summary>The standard deviation of the scores of all passages, found or not; 0 where they differ by less than two thousandths.</summary>
    public float Deviation { get; }

    /// <summary>Computes by how many deviations a score lies above the mean; 0 where there is none.</summary>
    public float StandardScore(float score) => Deviation > 0 ? (score - Mean) / Deviation : 0;
}
