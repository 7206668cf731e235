using GenQ.Text;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>Pools token states to one vector per text. As sentence-transformers' <c>models/Pooling.py</c>.</summary>
internal static class Pooling
{
    /// <summary>Pools each sequence of a packed batch.</summary>
    /// <param name="states">(rows, hidden), from <see cref="EncoderNetwork.Forward"/>.</param>
    /// <param name="batch">What the states were computed from.</param>
    /// <param name="mode">How.</param>
    /// <returns>(sequences, hidden), in the order the sequences were given in.</returns>
    public static Tensor Pool(Tensor states, PackedBatch batch, PoolingMode mode)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor pooled = cat([.. batch.Groups.Select(group => Pool(states, group, mode))], 0);
        return pooled.index_select(0, batch.Segments).MoveToOuterDisposeScope();
    }

    // (rows, hidden) -> (count, hidden)
    private static Tensor Pool(Tensor states, SequenceGroup group, PoolingMode mode)
    {
        Tensor padded = group.Pad(states);
        Tensor? mask = group.Mask?.unsqueeze(-1);
        return mode switch
        {
            PoolingMode.Mean => (mask is null ? padded : padded * mask).sum(1) / group.Lengths,
            PoolingMode.Cls => padded.select(1, 0),
            PoolingMode.Max => (mask is null ? padded : padded.Masked(mask.EqualTo(0), float.NegativeInfinity)).amax([1]),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such pooling."),
        };
    }
}
