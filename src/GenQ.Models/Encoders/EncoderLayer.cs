using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenQ.Models;

/// <summary>The parts of one transformer layer by their roles, under the names of the family, and attention, which is the same in all families.</summary>
internal sealed class EncoderLayer : Module
{
    private readonly EncoderShape _shape;

    /// <summary>Makes the parts with random weights, drawn from torch's generator.</summary>
    public EncoderLayer(EncoderShape shape, EncoderLayerNames names)
        : base(nameof(EncoderLayer))
    {
        _shape = shape;
        int width = shape.HiddenSize;
        Query = this.Place(names.Query, Linear(width, width));
        Key = this.Place(names.Key, Linear(width, width));
        Value = this.Place(names.Value, Linear(width, width));
        AttentionOutput = this.Place(names.AttentionOutput, Linear(width, width));
        AttentionNorm = this.Place(names.AttentionNorm, LayerNorm(width, shape.Epsilon));
        FeedForwardIn = this.Place(names.FeedForwardIn, Linear(width, shape.InnerSize));
        FeedForwardOut = this.Place(names.FeedForwardOut, Linear(shape.InnerSize, width));
        OutputNorm = this.Place(names.OutputNorm, LayerNorm(width, shape.Epsilon));
    }

    /// <summary>Makes the queries: weight (width, width).</summary>
    public Linear Query { get; }

    /// <summary>Makes the keys: weight (width, width).</summary>
    public Linear Key { get; }

    /// <summary>Makes the values: weight (width, width).</summary>
    public Linear Value { get; }

    /// <summary>Closes attention: weight (width, width).</summary>
    public Linear AttentionOutput { get; }

    /// <summary>The norm behind attention.</summary>
    public LayerNorm AttentionNorm { get; }

    /// <summary>The wide half of the feed-forward part: weight (inner width, width).</summary>
    public Linear FeedForwardIn { get; }

    /// <summary>Its narrow half: weight (width, inner width).</summary>
    public Linear FeedForwardOut { get; }

    /// <summary>The norm behind the feed-forward part.</summary>
    public LayerNorm OutputNorm { get; }

    /// <summary>The type of the matrix multiplications: fp32 or bf16.</summary>
    public ScalarType ComputeType => FeedForwardIn.weight!.dtype;

    /// <summary>All parameters, in the order in which <see cref="FusedLayers"/> gives their gradients.</summary>
    public Parameter[] Parameters =>
    [
        Query.weight!, Key.weight!, Value.weight!, Query.bias!, Key.bias!, Value.bias!, AttentionOutput.weight!, AttentionOutput.bias!,
        AttentionNorm.weight!, AttentionNorm.bias!, FeedForwardIn.weight!, FeedForwardIn.bias!, FeedForwardOut.weight!, FeedForwardOut.bias!,
        OutputNorm.weight!, OutputNorm.bias!,
    ];

    /// <summary>(3 · width, width): one matmul in place of three.</summary>
    public Tensor QueryKeyValue() => cat([Query.weight!, Key.weight!, Value.weight!], 0);

    /// <summary>(3 · width).</summary>
    public Tensor QueryKeyValueBias() => cat([Query.bias!, Key.bias!, Value.bias!], 0);

    /// <summary>Each token asks all tokens of its text, by head: (rows, hidden) to (rows, hidden), without what closes attention.</summary>
    /// <param name="x">(rows, hidden), fp32.</param>
    /// <param name="batch">Which rows are which sequence's.</param>
    /// <param name="biases">What is added to the scores of each group, (1 or count, 1 or heads, 1 or length, length), or null.</param>
    public Tensor Attend(Tensor x, PackedBatch batch, IReadOnlyList<Tensor?> biases)
    {
        Tensor input = x.to(ComputeType);
        Tensor q = Query.forward(input).Times(1 / Math.Sqrt(_shape.HeadWidth)), k = Key.forward(input), v = Value.forward(input);

        // Plain matmuls of contiguous matrices: on a CPU twice as fast, backward pass counted, as torch's own fused attention.
        return batch.Join(batch.Groups.Select((group, i) =>
        {
            Tensor scores = Heads(group, q).matmul(Heads(group, k).transpose(-1, -2));
            if (biases[i] is { } bias) scores = scores.Plus(bias);
            Tensor mixed = Drop(scores.softmax(-1), _shape.AttentionDropout).matmul(Heads(group, v));

            // (count, heads, length, hidden / heads) -> (count, length, hidden)
            return group.Unpad(mixed.transpose(1, 2).reshape(group.Count, group.Length, -1));
        }));
    }

    /// <summary>Drops elements in training.</summary>
    public Tensor Drop(Tensor x, double probability) => functional.dropout(x, probability, training);

    // All parts have the checkpoint's names already; the library would register the fields under theirs.
    /// <inheritdoc/>
    protected override void RegisterComponents()
    {
    }

    // (rows, hidden) -> (count, heads, length, hidden / heads)
    private Tensor Heads(SequenceGroup group, Tensor packed)
        => group.Pad(packed).view(group.Count, group.Length, _shape.Heads, -1).transpose(1, 2).contiguous();
}
