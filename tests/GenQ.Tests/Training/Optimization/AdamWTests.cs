using GenQ.Data;
using GenQ.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using AdamW = GenQ.Training.AdamW;

namespace GenQ.Tests.Training;

public sealed class AdamWTests
{
    [Fact]
    public void Its_steps_are_those_of_torch()
    {
        using IDisposable scope = NewDisposeScope();
        float[] start = [.. Enumerable.Range(0, 37).Select(i => MathF.Sin(i))];
        using Parameter ours = new(tensor(start)), theirs = new(tensor(start));
        using AdamW optimizer = new([("w", ours)], new AdamWOptions { MaxGradientNorm = double.PositiveInfinity });
        using optim.Optimizer reference = optim.AdamW([theirs], lr: 0.01, weight_decay: 0.01);
        for (int step = 0; step < 10; step++)
        {
            foreach (Parameter p in (Parameter[])[ours, theirs]) (p * p * p).sum().backward();
            optimizer.Step(0.01);
            reference.step();
            reference.zero_grad();
        }

        Assert.True((ours - theirs).abs().max().item<float>() < 1e-6);
    }

    [Fact]
    public void The_kernel_and_the_portable_way_agree()
    {
        using IDisposable scope = NewDisposeScope();
        float[] start = [.. Enumerable.Range(0, 100).Select(i => MathF.Cos(i))];
        using Parameter kernel = new(tensor(start)), portable = new(tensor(start));
        using AdamW first = new([("w", kernel)], new AdamWOptions()), second = new([("w", portable)], new AdamWOptions(), useKernel: false);
        for (int step = 0; step < 5; step++)
        {
            foreach (Parameter p in (Parameter[])[kernel, portable]) p.pow(4).sum().backward();
            Assert.Equal(first.Step(0.01), second.Step(0.01), 1e-4);
        }

        Assert.True((kernel - portable).abs().max().item<float>() < 1e-6);
    }

    [Fact]
    public void Gradients_above_the_largest_norm_are_scaled_down()
    {
        using Parameter w = new(zeros(2));
        using AdamW optimizer = new([("w", w)], new AdamWOptions { WeightDecay = 0, MaxGradientNorm = 1, Epsilon = 1 });
        w.grad = tensor(new float[] { 3, 4 });
        Assert.Equal(5, optimizer.Step(1), 1e-6);

        // With a clipped gradient of (0.6, 0.8) the first step is g / (|g| + 1).
        Assert.Equal([-0.6f / 1.6f, -0.8f / 1.8f], w.data<float>().ToArray().Select(x => x), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Biases_and_layer_norms_are_not_decayed()
    {
        AdamWOptions options = new();
        Assert.False(options.Decays("encoder.layer.0.attention.attn.q.bias"));
        Assert.False(options.Decays("embeddings.LayerNorm.weight"));
        Assert.False(options.Decays("encoder.relative_attention_bias.weight"));
        Assert.True(options.Decays("encoder.layer.0.attention.attn.q.weight"));
    }

    [Fact]
    public void A_bf16_weight_moves_by_steps_below_its_rounding()
    {
        using Parameter w = new(ones(1).to(ScalarType.BFloat16));
        using AdamW optimizer = new([("w", w)], new AdamWOptions { WeightDecay = 0 });
        for (int step = 0; step < 100; step++)
        {
            w.grad = ones(1).to(ScalarType.BFloat16);
            optimizer.Step(1e-3);
        }

        // Each step of 0.001 alone would be rounded away at 1.
        Assert.Equal(0.9, w.to(ScalarType.Float32).item<float>(), 0.01);
    }

    [Fact]
    public void A_matrix_that_is_scaled_by_its_rms_moves_in_proportion()
    {
        using Parameter large = new(ones(4) * 10), small = new(ones(4) * 0.1f);
        using AdamW optimizer = new([("a", large), ("b", small)], new AdamWOptions { ScaleByRms = true, WeightDecay = 0 });
        (large.grad, small.grad) = (ones(4), ones(4));
        optimizer.Step(0.01);
        Assert.Equal(10 - 0.1, large[0].item<float>(), 1e-4);
        Assert.Equal(0.1 - 0.001, small[0].item<float>(), 1e-5);
    }

    [Fact]
    public void A_gradient_that_is_not_a_number_is_an_error_with_advice()
    {
        using Parameter w = new(ones(1));
        using AdamW optimizer = new([("w", w)], new AdamWOptions());
        w.grad = tensor(new float[] { float.NaN });
        Assert.Contains("Lower the learning rate", Assert.Throws<GenQException>(() => optimizer.Step(0.1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_of_another_network_is_refused()
    {
        using Parameter two = new(ones(2)), three = new(ones(3));
        using AdamW first = new([("w", two)], new AdamWOptions()), second = new([("w", three)], new AdamWOptions());
        Dictionary<string, Tensor> state = first.State.ToDictionary(s => s.Key, s => s.Value);
        Assert.Contains("expects [3]", Assert.Throws<GenQException>(() => second.Load(state, 1)).Message, StringComparison.Ordinal);
    }
}
