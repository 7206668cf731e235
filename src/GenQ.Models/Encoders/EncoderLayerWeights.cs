using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>The weights of one transformer layer by their roles, whatever the architecture calls them.</summary>
/// <param name="Query">(width, width).</param>
/// <param name="Key">(width, width).</param>
/// <param name="Value">(width, width).</param>
/// <param name="Output">(width, width): closes attention.</param>
/// <param name="AttentionNorm">The norm behind attention.</param>
/// <param name="Wide">(inner width, width).</param>
/// <param name="Narrow">(width, inner width).</param>
/// <param name="OutputNorm">The norm behind the feed-forward half.</param>
internal sealed record EncoderLayerWeights(
    Linear Query, Linear Key, Linear Value, Linear Output, LayerNorm AttentionNorm, Linear Wide, Linear Narrow, LayerNorm OutputNorm)
{
    /// <summary>All parameters, in the order in which <see cref="FusedLayers"/> gives their gradients.</summary>
    public Parameter[] Parameters =>
    [
        Query.weight!, Key.weight!, Value.weight!, Query.bias!, Key.bias!, Value.bias!, Output.weight!, Output.bias!, AttentionNorm.weight!,
        AttentionNorm.bias!, Wide.weight!, Wide.bias!, Narrow.weight!, Narrow.bias!, OutputNorm.weight!, OutputNorm.bias!,
    ];

    /// <summary>(3 · width, width): one matmul in place of three.</summary>
    public Tensor QueryKeyValue() => cat([Query.weight!, Key.weight!, Value.weight!], 0);

    /// <summary>(3 · width).</summary>
    public Tensor QueryKeyValueBias() => cat([Query.bias!, Key.bias!, Value.bias!], 0);
}
