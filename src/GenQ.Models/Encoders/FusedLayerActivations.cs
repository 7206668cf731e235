using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>What one layer's forward pass leaves for its backward pass.</summary>
/// <param name="Input">(rows, width): what the layer read, rounded for the matmuls.</param>
/// <param name="Heads">Queries (scaled), keys and values of each group, (sequences · heads, length, head's width).</param>
/// <param name="Weights">The attention weights of each group before any was dropped, (sequences · heads, length, length).</param>
/// <param name="Context">(rows, width): what attention gathered.</param>
/// <param name="Middle">The norm behind attention.</param>
/// <param name="Wide">(rows, inner width): the output of the wide matmul, without its bias.</param>
/// <param name="Activated">(rows, inner width): its activations.</param>
/// <param name="End">The norm behind the feed-forward half.</param>
internal sealed record FusedLayerActivations(
    Tensor Input,
    List<(Tensor Queries, Tensor Keys, Tensor Values)> Heads,
    List<Tensor> Weights,
    Tensor Context,
    FusedNormActivations Middle,
    Tensor Wide,
    Tensor Activated,
    FusedNormActivations End) : IDisposable
{
    /// <summary>Takes the tensors out of the dispose scopes: they are wanted until the backward pass.</summary>
    public void Detach()
    {
        foreach (Tensor tensor in Tensors()) tensor.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in Tensors()) tensor.Dispose();
    }

    // All but the output of the last norm: it is the next layer's input.
    private IEnumerable<Tensor> Tensors() =>
    [
        Input, Context, Wide, Activated, Middle.Normalized, Middle.Scales, Middle.Output, End.Normalized, End.Scales,
        .. Weights, .. Heads.SelectMany(heads => (Tensor[])[heads.Queries, heads.Keys, heads.Values]),
    ];
}

/// <summary>What a norm leaves for its backward pass.</summary>
/// <param name="Normalized">(rows, width), fp32: the rows with mean 0 and variance 1.</param>
/// <param name="Scales">(rows), fp32: what they were multiplied with.</param>
/// <param name="Output">(rows, width): the result, rounded for the matmuls.</param>
internal sealed record FusedNormActivations(Tensor Normalized, Tensor Scales, Tensor Output);
