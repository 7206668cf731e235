using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>The weights of one of T5's blocks as matmuls take them. Of an encoder's block those of cross-attention are null.</summary>
internal sealed class T5BlockWeights : IDisposable
{
    private readonly T5Block _block;
    private readonly MatMulWeight[] _inner;

    /// <summary>Lays a block's weights out.</summary>
    /// <param name="block">Lends its weights.</param>
    /// <param name="int8">Whether they are rounded to 8 bits.</param>
    public T5BlockWeights(T5Block block, bool int8)
    {
        // Of eight bits the joined weight is not needed any longer than its rounding takes.
        using IDisposable scope = NewDisposeScope();
        _block = block;
        (Tensor q, Tensor k, Tensor v, Tensor o) = block.SelfAttention.Weights;
        QueryKeyValue = new MatMulWeight(cat([q, k, v], 0), int8);
        SelfOutput = new MatMulWeight(o, int8);
        if (block.IsDecoder)
        {
            CrossQuery = new MatMulWeight(block.CrossAttention.Weights.Q, int8);
            CrossOutput = new MatMulWeight(block.CrossAttention.Weights.O, int8);
        }

        _inner = [.. block.FeedForwardLayer.InnerWeights.Select(weight => new MatMulWeight(weight, int8))];
        Narrow = new MatMulWeight(block.FeedForwardLayer.OutputWeight, int8);
    }

    /// <summary>d_model → queries, keys and values of self-attention: one matmul in place of three.</summary>
    public MatMulWeight QueryKeyValue { get; }

    /// <summary>Closes self-attention.</summary>
    public MatMulWeight SelfOutput { get; }

    /// <summary>d_model → queries of cross-attention.</summary>
    public MatMulWeight? CrossQuery { get; }

    /// <summary>Closes cross-attention.</summary>
    public MatMulWeight? CrossOutput { get; }

    /// <summary>d_ff → d_model.</summary>
    public MatMulWeight Narrow { get; }

    /// <summary>The wide half of feed-forward: (rows, d_model) to (rows, d_ff).</summary>
    public Tensor Inner(Tensor x) => _block.FeedForwardLayer.Activate([.. _inner.Select(weight => weight.Multiply(x))]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (MatMulWeight? weight in (MatMulWeight?[])[QueryKeyValue, SelfOutput, CrossQuery, CrossOutput, Narrow, .. _inner]) weight?.Dispose();
    }
}
