using GenQ.Models;

namespace GenQ.Bench;

/// <summary>Counts the multiplications and additions of networks' matrix multiplications over real tokens: padding and all between them is not useful work.</summary>
internal static class Operations
{
    /// <summary>An encoder's pass forwards over sequences.</summary>
    public static double Encoder(int width, int inner, int layers, IEnumerable<int> lengths)
        => layers * lengths.Sum(length => length * Layer(width, inner) + Attention(width, length, length));

    /// <summary>A T5 that reads texts and writes a number of tokens for each of a number of rows of each.</summary>
    public static double T5(T5Config config, IReadOnlyList<int> lengths, int rows, int tokens)
    {
        int width = config.DModel, heads = config.NumHeads * config.DKv, decoderLayers = config.NumDecoderLayers ?? config.NumLayers;
        double square = 2.0 * width * heads, wide = 4.0 * width * config.DFf;
        double read = config.NumLayers * lengths.Sum(length => length * (4 * square + wide) + Attention(heads, length, length));
        double kept = decoderLayers * lengths.Sum(length => length * 2 * square);
        double written = rows * lengths.Sum(length => Enumerable.Range(1, tokens).Sum(
            token => decoderLayers * (6 * square + wide + Attention(heads, 1, token) + Attention(heads, 1, length)) + 2.0 * width * config.VocabSize));
        return read + kept + written;
    }

    // Four square matrix multiplications and two wide ones, of one token.
    private static double Layer(int width, int inner) => 8.0 * width * width + 4.0 * width * inner;

    // Scores and sums of all heads together.
    private static double Attention(int width, int queries, int keys) => 4.0 * queries * keys * width;
}
