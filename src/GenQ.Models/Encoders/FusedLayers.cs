using GenQ.Compute;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>
/// The layers of an encoder on a CPU: the matrix multiplications of libtorch, and between them the kernels of GenQ.Compute, each of which does
/// in one pass through memory what takes five or more operations elsewhere. The same weights and results as the plain layers.
/// </summary>
/// <remarks>
/// Matmuls leave their bias to the kernel behind them. The backward pass is
/// <see cref="FusedLayersGradient"/>; docs/fused-encoder.md walks through both.
/// </remarks>
/// <param name="layers">The layers in their order, at least one.</param>
/// <param name="shape">Their sizes.</param>
internal sealed unsafe class FusedLayers(IReadOnlyList<EncoderLayer> layers, EncoderShape shape) : IDisposable
{
    private Int8Layer[]? _int8;

    /// <summary>The layers.</summary>
    public IReadOnlyList<EncoderLayer> Layers => layers;

    /// <summary>Their sizes.</summary>
    public EncoderShape Shape => shape;

    /// <summary>The type of the matmuls: fp32 or bf16.</summary>
    public ScalarType ComputeType => layers[0].ComputeType;

    /// <summary>What the attention scores are multiplied with.</summary>
    public float ScoreScale => 1 / MathF.Sqrt(shape.HeadWidth);

    /// <summary>
    /// Rounds the weights to 8 bits for all further passes without gradients. Attention, norms and the stream between the layers stay as they are.
    /// </summary>
    public void UseInt8() => _int8 = [.. layers.Select(layer => new Int8Layer(
        new(layer.QueryKeyValue()), new(layer.AttentionOutput.weight!), new(layer.FeedForwardIn.weight!), new(layer.FeedForwardOut.weight!)))];

    /// <summary>Disposes of the rounded weights; the others belong to the network.</summary>
    public void Dispose()
    {
        foreach (Int8Layer layer in _int8 ?? []) layer.Dispose();
    }

    /// <summary>Computes the last layer's states, with gradients unless they are switched off.</summary>
    /// <param name="x">(rows, width), fp32: the embeddings.</param>
    /// <param name="batch">Which rows are which sequence's.</param>
    /// <param name="bias">
    /// (heads, n, n), fp32, added to the scores; n is at least the longest sequence, rounded up by <see cref="AttentionLayout.RoundUp"/>. Or null.
    /// </param>
    /// <param name="training">Whether elements are dropped: which ones, torch's generator decides.</param>
    /// <returns>(rows, width), fp32.</returns>
    public Tensor Forward(Tensor x, PackedBatch batch, Tensor? bias, bool training)
    {
        bool drops = training && (shape.AttentionDropout > 0 || shape.AttentionOutputDropout > 0 || shape.OutputDropout > 0);
        FusedPass pass = new(this, batch, drops ? randint(long.MaxValue, 1, ScalarType.Int64).item<long>() : null);
        return is_grad_enabled() ? FusedLayersFunction.Apply(this, pass, x, bias) : Forward(x, bias, pass, null);
    }

    /// <summary>Each layer by itself.</summary>
    public IEnumerable<FusedLayers> OneByOne() => layers.Select(layer => new FusedLayers([layer], shape));

    /// <summary>Computes the states without gradients, and leaves in <paramref name="saved"/> what those will need.</summary>
    public Tensor Forward(Tensor x, Tensor? bias, FusedPass pass, List<FusedLayerActivations>? saved)
    {
        using IDisposable guard = no_grad();
        return ComputeType == ScalarType.BFloat16 ? Forward<Bf16>(x, bias, pass, saved) : Forward<float>(x, bias, pass, saved);
    }

    private Tensor Forward<T>(Tensor x, Tensor? bias, FusedPass pass, List<FusedLayerActivations>? saved)
        where T : unmanaged
    {
        using DisposeScope scope = NewDisposeScope();
        Residual residual = new(x, null);
        Tensor input = x.detach().to(ComputeType);
        for (int i = 0; i < layers.Count; i++)
        {
            using DisposeScope layerScope = NewDisposeScope();
            EncoderLayer layer = layers[i];
            Int8Layer? int8 = saved is null ? _int8?[i] : null;
            List<(Tensor, Tensor, Tensor)> qkv = [];
            List<Tensor> weights = [];
            Tensor projected = int8?.QueryKeyValue.Multiply(input) ?? input.matmul(layer.QueryKeyValue().t());
            Tensor context = Attend<T>(input, projected, layer, bias, pass, i, qkv, weights);
            Tensor mixed = MatMul(context, layer.AttentionOutput, int8?.AttentionOutput);
            FusedNormActivations middle = AddAndNormalize<T>(residual, mixed, layer.AttentionOutput, layer.AttentionNorm, pass.ContextMask(i));
            Tensor wide = MatMul(middle.Output, layer.FeedForwardIn, int8?.FeedForwardIn), activated = saved is null ? wide : empty_like(wide);
            GeluKernel.Forward(
                (int)wide.shape[0], (int)wide.shape[1], wide.Pointer<T>(), Fp32(layer.FeedForwardIn.bias!).Pointer<float>(), activated.Pointer<T>());
            Tensor narrow = MatMul(activated, layer.FeedForwardOut, int8?.FeedForwardOut);
            FusedNormActivations end = AddAndNormalize<T>(
                new(middle.Normalized, layer.AttentionNorm), narrow, layer.FeedForwardOut, layer.OutputNorm, pass.OutputMask(i));
            if (saved is not null)
            {
                saved.Add(new(input, qkv, weights, context, middle, wide, activated, end));
                saved[^1].Detach();
            }
            else
            {
                input.Dispose();
                if (residual.Norm is not null) residual.Rows.Dispose();
                end.Normalized.MoveToOuterDisposeScope();
            }

            residual = new(end.Normalized, layer.OutputNorm);
            input = end.Output.MoveToOuterDisposeScope();
        }

        Tensor states = residual.Rows * layers[^1].OutputNorm.weight!;
        return states.Plus(layers[^1].OutputNorm.bias!).MoveToOuterDisposeScope();
    }

    // (rows, width), (rows, 3 · width) -> (rows, width): each token gathers from the tokens of its sequence.
    private Tensor Attend<T>(
        Tensor input, Tensor projected, EncoderLayer layer, Tensor? bias, FusedPass pass, int number, List<(Tensor, Tensor, Tensor)> qkv,
        List<Tensor> weights)
        where T : unmanaged
    {
        Tensor biases = Fp32(layer.QueryKeyValueBias());
        Tensor context = empty_like(input);
        pass.ClearFill<T>(context);
        for (int i = 0; i < pass.Groups.Count; i++)
        {
            AttentionLayout layout = pass.Groups[i];
            (Tensor q, Tensor k, Tensor v) = AttentionHeads.Split<T>(layout, projected, biases.Pointer<float>(), ScoreScale);
            Tensor scores = q.bmm(k.transpose(1, 2));
            DropoutMask mask = pass.AttentionMask(number, i);
            Tensor kept = mask.IsOn ? empty_like(scores) : scores;
            SoftmaxKernel.Forward(
                layout, scores.Pointer<T>(), bias is null ? null : bias.Pointer<float>(), (int)(bias?.shape[1] ?? 0), mask,
                mask.IsOn ? kept.Pointer<T>() : null);
            Tensor mixed = kept.bmm(v);
            HeadsKernel.Join(layout, mixed.Pointer<T>(), 1, context.Pointer<T>(), layout.Width, null);
            qkv.Add((q, k, v));
            weights.Add(scores);
        }

        return context;
    }

    // norm(residual + dropout(matmul + bias))
    private FusedNormActivations AddAndNormalize<T>(Residual residual, Tensor matmul, Linear closing, LayerNorm norm, DropoutMask mask)
        where T : unmanaged
    {
        long rows = matmul.shape[0], width = matmul.shape[1];
        FusedNormActivations activations = new(empty(rows, width), empty(rows), empty_like(matmul));
        LayerNormKernel.Forward(new LayerNormKernel.ForwardRows<T>
        {
            Rows = (int)rows,
            Width = (int)width,
            Residual = residual.Rows.Pointer<float>(),
            ResidualGain = residual.Norm is null ? null : residual.Norm.weight!.Pointer<float>(),
            ResidualShift = residual.Norm is null ? null : residual.Norm.bias!.Pointer<float>(),
            MatMul = matmul.Pointer<T>(),
            Bias = Fp32(closing.bias!).Pointer<float>(),
            Mask = mask,
            Gain = norm.weight!.Pointer<float>(),
            Shift = norm.bias!.Pointer<float>(),
            Epsilon = (float)shape.Epsilon,
            Normalized = activations.Normalized.Pointer<float>(),
            Scales = activations.Scales.Pointer<float>(),
            Output = activations.Output.Pointer<T>(),
        });
        return activations;
    }

    private static Tensor MatMul(Tensor x, Linear linear, Int8Weight? int8) => int8?.Multiply(x) ?? x.matmul(linear.weight!.t());

    private static Tensor Fp32(Tensor tensor) => tensor.to(ScalarType.Float32);

    // The stream between the layers, or the normalised rows that the norm's gain and shift make it of.
    private readonly record struct Residual(Tensor Rows, LayerNorm? Norm);

    // A layer's four weights in 8 bits.
    private sealed record Int8Layer(Int8Weight QueryKeyValue, Int8Weight AttentionOutput, Int8Weight FeedForwardIn, Int8Weight FeedForwardOut) : IDisposable
    {
        public void Dispose()
        {
            foreach (Int8Weight weight in (Int8Weight[])[QueryKeyValue, AttentionOutput, FeedForwardIn, FeedForwardOut]) weight.Dispose();
        }
    }
}
