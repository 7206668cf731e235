using GenQ.Compute;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>
/// The backward pass of <see cref="FusedLayers"/>, step by step against the forward pass: of each matmul y = x · Wᵀ the gradients
/// dx = dy · W and dW = dyᵀ · x, between them the kernels.
/// </summary>
/// <param name="layers">What was passed through.</param>
/// <param name="pass">How.</param>
/// <param name="saved">What the forward pass left, layer by layer.</param>
/// <param name="biasShape">The shape of the bias of the scores, or null.</param>
internal sealed unsafe class FusedLayersGradient(FusedLayers layers, FusedPass pass, List<FusedLayerActivations> saved, long[]? biasShape) : IDisposable
{
    /// <summary>Computes the gradients, once.</summary>
    /// <param name="states">(rows, width): the gradient of the states.</param>
    /// <returns>Those of the embeddings, of the bias, and of the parameters in the order of <see cref="EncoderLayer.Parameters"/>.</returns>
    public (Tensor X, Tensor? Bias, IEnumerable<Tensor> Parameters) Of(Tensor states)
        => layers.ComputeType == ScalarType.BFloat16 ? Of<Bf16>(states) : Of<float>(states);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FusedLayerActivations activations in saved) activations.Dispose();
    }

    private (Tensor X, Tensor? Bias, IEnumerable<Tensor> Parameters) Of<T>(Tensor states)
        where T : unmanaged
    {
        using DisposeScope scope = NewDisposeScope();

        // What flows back along the residual stream, fp32; each norm changes it in place.
        Tensor stream = states.contiguous().clone();
        Tensor? branch = null;
        Tensor? bias = biasShape is null ? null : zeros(biasShape);
        Tensor[][] parameters = new Tensor[saved.Count][];
        for (int i = saved.Count - 1; i >= 0; i--)
        {
            using DisposeScope layerScope = NewDisposeScope();
            EncoderLayer layer = layers.Layers[i];
            FusedLayerActivations activations = saved[i];
            (Tensor narrow, Tensor endGain, Tensor endShift, Tensor narrowBias) = Norm<T>(stream, branch, activations.End, layer.OutputNorm, pass.OutputMask(i));
            branch?.Dispose();
            Tensor narrowWeight = narrow.t().matmul(activations.Activated);
            (Tensor wide, Tensor wideBias) = Gelu<T>(activations.Wide, layer.FeedForwardIn.bias!, narrow.matmul(layer.FeedForwardOut.weight!));
            Tensor wideWeight = wide.t().matmul(activations.Middle.Output);
            (Tensor closing, Tensor middleGain, Tensor middleShift, Tensor outputBias) =
                Norm<T>(stream, wide.matmul(layer.FeedForwardIn.weight!), activations.Middle, layer.AttentionNorm, pass.ContextMask(i));
            Tensor outputWeight = closing.t().matmul(activations.Context);
            (Tensor qkv, Tensor qkvBias) = Attention<T>(closing.matmul(layer.AttentionOutput.weight!), activations, bias, i);
            Tensor qkvWeight = qkv.t().matmul(activations.Input);
            branch = qkv.matmul(layer.QueryKeyValue()).MoveToOuterDisposeScope();

            Tensor[] all =
            [
                .. qkvWeight.chunk(3, 0), .. qkvBias.chunk(3, 0), outputWeight, outputBias, middleGain, middleShift,
                wideWeight, wideBias, narrowWeight, narrowBias, endGain, endShift,
            ];
            parameters[i] = [.. all.Zip(layer.Parameters, (gradient, parameter) => gradient.to(parameter.dtype).MoveToOuterDisposeScope())];
            activations.Dispose();
        }

        foreach (Tensor parameter in parameters.SelectMany(layer => layer)) parameter.MoveToOuterDisposeScope();
        return (stream.Plus(branch!.to(ScalarType.Float32)).MoveToOuterDisposeScope(), bias?.MoveToOuterDisposeScope(), parameters.SelectMany(layer => layer));
    }

    // Through norm(residual + dropout(matmul + bias)); the stream becomes the residual's gradient.
    private (Tensor MatMul, Tensor Gain, Tensor Shift, Tensor Bias) Norm<T>(
        Tensor stream, Tensor? branch, FusedNormActivations activations, LayerNorm norm, DropoutMask mask)
        where T : unmanaged
    {
        long width = stream.shape[1];
        Tensor output = empty(stream.shape, layers.ComputeType), gain = zeros(width), shift = zeros(width), bias = zeros(width);
        LayerNormKernel.Backward(
            new LayerNormKernel.BackwardRows<T>
            {
                Rows = (int)stream.shape[0],
                Width = (int)width,
                Gradient = stream.Pointer<float>(),
                MatMulGradient = branch is null ? null : branch.Pointer<T>(),
                Normalized = activations.Normalized.Pointer<float>(),
                Scales = activations.Scales.Pointer<float>(),
                Gain = norm.weight!.Pointer<float>(),
                Mask = mask,
                Output = output.Pointer<T>(),
            },
            gain.Floats(), shift.Floats(), bias.Floats());
        return (output, gain, shift, bias);
    }

    private static (Tensor Wide, Tensor Bias) Gelu<T>(Tensor wide, Parameter bias, Tensor gradient)
        where T : unmanaged
    {
        Tensor biasGradient = zeros(bias.shape);
        GeluKernel.Backward(
            (int)wide.shape[0], (int)wide.shape[1], wide.Pointer<T>(), bias.to(ScalarType.Float32).Pointer<float>(), gradient.Pointer<T>(), biasGradient.Floats());
        return (gradient, biasGradient);
    }

    // (rows, width): of what attention gathered -> (rows, 3 · width): of queries, keys and values.
    private (Tensor QueryKeyValue, Tensor Bias) Attention<T>(Tensor context, FusedLayerActivations activations, Tensor? bias, int layer)
        where T : unmanaged
    {
        int width = (int)context.shape[1], stride = 3 * width;
        Tensor qkv = empty([context.shape[0], stride], context.dtype), qkvBias = zeros(stride);
        pass.ClearFill<T>(qkv);
        T* packed = qkv.Pointer<T>();
        float* sums = qkvBias.Pointer<float>();
        for (int i = 0; i < pass.Groups.Count; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            AttentionLayout layout = pass.Groups[i];
            (Tensor q, Tensor k, Tensor v) = activations.Heads[i];
            Tensor weights = activations.Weights[i], mixed = empty_like(v), kept = weights;
            HeadsKernel.Split(layout, context.Pointer<T>(), width, null, 1, mixed.Pointer<T>());
            DropoutMask mask = pass.AttentionMask(layer, i);
            if (mask.IsOn)
            {
                kept = empty_like(weights);
                SoftmaxKernel.Drop(layout, weights.Pointer<T>(), mask, kept.Pointer<T>());
            }

            Tensor values = kept.transpose(1, 2).bmm(mixed), scores = mixed.bmm(v.transpose(1, 2));
            SoftmaxKernel.Backward(
                layout, weights.Pointer<T>(), scores.Pointer<T>(), bias is null ? null : bias.Pointer<float>(), (int)(bias?.shape[1] ?? 0), mask);
            HeadsKernel.Join(layout, scores.bmm(k).Pointer<T>(), layers.ScoreScale, packed, stride, sums);
            HeadsKernel.Join(layout, scores.transpose(1, 2).bmm(q).Pointer<T>(), 1, packed + width, stride, sums + width);
            HeadsKernel.Join(layout, values.Pointer<T>(), 1, packed + 2 * width, stride, sums + 2 * width);
        }

        return (qkv, qkvBias);
    }
}
