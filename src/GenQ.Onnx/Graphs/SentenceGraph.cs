using GenQ.Text;

namespace GenQ.Onnx;

/// <summary>What follows the network in a sentence encoder: pooling, and perhaps scaling to length 1. As sentence-transformers' <c>models/Pooling.py</c>.</summary>
internal static class SentenceGraph
{
    // Below it a length counts as this, so that a zero vector has no direction rather than an infinite one.
    private const float SmallestLength = 1e-12f;

    /// <summary>Makes the vectors of texts of the states of their tokens.</summary>
    /// <param name="states">(batch, length, hidden).</param>
    /// <param name="mask">(batch, length): 1 for a token, 0 for padding.</param>
    /// <param name="mode">How.</param>
    /// <returns>(batch, hidden).</returns>
    public static OnnxValue Pool(OnnxValue states, OnnxValue mask, PoolingMode mode)
    {
        OnnxValue tokens = mask.Unsqueeze(2);
        return mode switch
        {
            PoolingMode.Mean => (states * tokens.Cast(OnnxType.Float)).ReduceSum(1) / tokens.Cast(OnnxType.Float).ReduceSum(1),
            PoolingMode.Cls => states.Gather(states.Graph.Constant(0L), axis: 1),
            PoolingMode.Max => states.Where(tokens.Cast(OnnxType.Bool), states.Graph.Constant(float.NegativeInfinity)).ReduceMax(1),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such pooling."),
        };
    }

    /// <summary>Divides each row by its length: (batch, hidden).</summary>
    public static OnnxValue Unit(OnnxValue vectors) => vectors / vectors.ReduceL2(1).Max(vectors.Graph.Constant(SmallestLength));
}
