using GenQ.Compute;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>One pass of a batch through <see cref="FusedLayers"/>: where its sequences lie, and what is dropped.</summary>
internal sealed class FusedPass
{
    // Each layer drops at three places.
    private const int Places = 3;

    private readonly long? _seed;
    private readonly EncoderShape _shape;
    private readonly int _fillRows;

    /// <summary>Lays out a batch.</summary>
    /// <param name="layers">What it goes through.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="seed">Decides what is dropped; null drops nothing.</param>
    public FusedPass(FusedLayers layers, PackedBatch batch, long? seed)
    {
        (_seed, _shape, _fillRows) = (seed, layers.Shape, batch.FillRows);
        Groups = [.. batch.Groups.Select(group => group.Layout(_shape.Heads, _shape.HeadWidth))];
    }

    /// <summary>The groups whose attention runs together.</summary>
    public IReadOnlyList<AttentionLayout> Groups { get; }

    /// <summary>Clears the rows of a (rows, columns) matrix that belong to no sequence: attention leaves them out.</summary>
    public unsafe void ClearFill<T>(Tensor matrix)
        where T : unmanaged
    {
        long rows = matrix.shape[0] - _fillRows, columns = matrix.shape[1];
        new Span<T>(matrix.Pointer<T>() + rows * columns, checked((int)(_fillRows * columns))).Clear();
    }

    /// <summary>What is dropped of the weights of a layer's attention in one group.</summary>
    public DropoutMask AttentionMask(int layer, int group) => Mask(_shape.AttentionDropout, layer * Places + (group << 16));

    /// <summary>What is dropped of the output of the linear layer that closes a layer's attention.</summary>
    public DropoutMask ContextMask(int layer) => Mask(_shape.AttentionOutputDropout, layer * Places + 1);

    /// <summary>What is dropped of the output of the linear layer that closes a layer.</summary>
    public DropoutMask OutputMask(int layer) => Mask(_shape.OutputDropout, layer * Places + 2);

    private DropoutMask Mask(double probability, int place) => _seed is { } seed ? new(probability, seed, place) : default;
}
