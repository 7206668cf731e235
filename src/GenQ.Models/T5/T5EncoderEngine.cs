using GenQ.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>
/// T5's encoder on a CPU, without gradients: texts of all lengths packed in one matrix, libtorch's matmuls, kernels between them. The same states
/// as <see cref="T5Model.Encode"/>.
/// </summary>
/// <param name="model">The network.</param>
/// <param name="weights">Its weights.</param>
internal sealed unsafe class T5EncoderEngine(T5Model model, T5EngineWeights weights)
{
    /// <summary>Reads texts.</summary>
    /// <param name="texts">At least one, none empty.</param>
    /// <returns>
    /// The states, (rows, d_model), in the type of the matmuls, with at least <see cref="AttentionLayout.LengthMultiple"/> rows behind the last
    /// text's; and each text's first row.
    /// </returns>
    public (Tensor States, int[] Starts) Read(IReadOnlyList<int[]> texts)
        => model.Encoder.ComputeType == ScalarType.BFloat16 ? Read<Bf16>(texts) : Read<float>(texts);

    private (Tensor States, int[] Starts) Read<T>(IReadOnlyList<int[]> texts)
        where T : unmanaged
    {
        using DisposeScope scope = NewDisposeScope();
        PackedBatch batch = PackedBatch.Create(texts, (_, _) => { }, CPU);
        AttentionLayout[] layouts = [.. batch.Groups.Select(group => group.Layout(model.Config.NumHeads, model.Config.DKv))];
        int longest = layouts.Max(layout => layout.Length);
        Tensor bias = model.Encoder.RelativeBias(longest, longest);
        Tensor stream = model.Embeddings.index_select(0, batch.Ids);
        Tensor? branch = null;
        for (int i = 0; i < model.Encoder.Blocks.Count; i++)
        {
            using DisposeScope blockScope = NewDisposeScope();
            T5Block block = model.Encoder.Blocks[i];
            T5BlockWeights of = weights.Encoder[i];
            Tensor qkv = of.QueryKeyValue.Multiply(T5ResidualNorm.AddAndNormalize<T>(stream, branch, block.SelfNorm, model.Config));
            branch?.Dispose();
            branch = of.SelfOutput.Multiply(Attend<T>(qkv, layouts, batch.FillRows, bias));
            Tensor wide = of.Inner(T5ResidualNorm.AddAndNormalize<T>(stream, branch, block.FeedForwardNorm, model.Config));
            branch = of.Narrow.Multiply(wide).MoveToOuterDisposeScope();
        }

        Tensor states = T5ResidualNorm.AddAndNormalize<T>(stream, branch, model.Encoder.Norm, model.Config);
        Tensor margin = zeros([AttentionLayout.LengthMultiple, states.shape[1]], states.dtype);
        return (cat([states, margin], 0).MoveToOuterDisposeScope(), batch.StartsInOrder());
    }

    // (rows, 3 · inner) -> (rows, inner)
    private static Tensor Attend<T>(Tensor qkv, AttentionLayout[] layouts, int fillRows, Tensor bias)
        where T : unmanaged
    {
        using DisposeScope scope = NewDisposeScope();
        int inner = (int)qkv.shape[1] / 3;
        Tensor context = empty([qkv.shape[0], inner], qkv.dtype);
        context.narrow(0, qkv.shape[0] - fillRows, fillRows).zero_();
        foreach (AttentionLayout layout in layouts)
        {
            using DisposeScope groupScope = NewDisposeScope();
            (Tensor q, Tensor k, Tensor v) = AttentionHeads.Split<T>(layout, qkv, null, 1);
            Tensor scores = q.bmm(k.transpose(1, 2));
            SoftmaxKernel.Forward(layout, scores.Pointer<T>(), bias.Pointer<float>(), (int)bias.shape[2], default, null);
            HeadsKernel.Join(layout, scores.bmm(v).Pointer<T>(), 1, context.Pointer<T>(), inner, null);
        }

        return context.MoveToOuterDisposeScope();
    }
}
