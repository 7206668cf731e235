using GenQ.Compute;
using GenQ.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Tests.Encoders;

/// <summary>The layers by way of the kernels against the plain ones, with the registers of every kind of processor.</summary>
[Collection(TorchRandomCollection.Name)]
public sealed class FusedLayersTests
{
    private static readonly int[][] Sequences =
        [.. new[] { 3, 19, 5, 33, 1, 18, 40 }.Select((length, i) => Enumerable.Range(0, length).Select(j => (i * 31 + j * 7) % 50).ToArray())];

    public static TheoryData<string, int, int> Cases => new(
        from architecture in new[] { "mpnet", "bert", "distilbert", "roberta" }
        from lanes in new[] { 16, 8, 1 }
        from width in new[] { 64, 24 }
        select (architecture, lanes, width));

    [Fact]
    public void Weights_of_8_bits_go_with_their_network()
    {
        Assert.Equal(Left(int8: false), Left(int8: true));

        // Of this thread alone: the count of the process moves with other tests. The library counts a parameter's tensor on after it has gone.
        static long Left(bool int8)
        {
            long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            using (NewDisposeScope())
            {
                using EncoderNetwork network = Create("mpnet", 64, dropout: 0);
                if (int8) network.UseInt8();
            }

            return DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_fp32_states_and_gradients_are_those_of_the_plain_layers(string architecture, int lanes, int width)
    {
        using EncoderNetwork network = Create(architecture, width, dropout: 0);
        (Tensor plain, Dictionary<string, Tensor> plainGradients) = Run(network, fused: false, lanes);
        (Tensor fused, Dictionary<string, Tensor> gradients) = Run(network, fused: true, lanes);
        EncoderGolden.AssertClose(plain, fused, 2e-5);
        Assert.Equal(plainGradients.Keys, gradients.Keys);
        foreach ((string name, Tensor gradient) in gradients)
        {
            double scale = plainGradients[name].abs().max().item<float>();
            EncoderGolden.AssertClose(plainGradients[name], gradient, IsBiasOfKeys(name) ? 1e-3 : 1e-4 * scale);
            Assert.True(gradient.abs().max().item<float>() > 0, $"nothing flows to {name}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_bf16_gradients_point_where_those_of_the_plain_layers_in_fp32_do(string architecture, int lanes, int width)
    {
        using EncoderNetwork network = Create(architecture, width, dropout: 0);
        (_, Dictionary<string, Tensor> exact) = Run(network, fused: false, lanes);
        network.ConvertLinearLayers(ScalarType.BFloat16);
        (_, Dictionary<string, Tensor> plain) = Run(network, fused: false, lanes);
        (_, Dictionary<string, Tensor> fused) = Run(network, fused: true, lanes);
        foreach ((string name, Tensor gradient) in fused.Where(g => !IsBiasOfKeys(g.Key)))
        {
            // Never farther off than the plain layers are in bf16, but for a little.
            Assert.True(Cosine(gradient, exact[name]) > Math.Min(0.9999, Cosine(plain[name], exact[name]) - 2e-4), $"{name}: {Cosine(gradient, exact[name])}, plain {Cosine(plain[name], exact[name])}");
        }
    }

    [Theory]
    [InlineData("mpnet", true)]
    [InlineData("mpnet", false)]
    [InlineData("bert", true)]
    [InlineData("bert", false)]
    [InlineData("distilbert", true)]
    [InlineData("roberta", false)]
    public void The_layers_one_after_the_other_are_the_network(string architecture, bool fused)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        using EncoderNetwork network = Create(architecture, 64, dropout: 0);
        network.RunsFused = fused;
        PackedBatch batch = network.Pack(Sequences);
        Tensor x = network.Embed(batch);
        IReadOnlyList<Func<Tensor, Tensor>> layers = network.LayersOver(batch);
        Assert.Equal(network.LayerCount, layers.Count);
        foreach (Func<Tensor, Tensor> layer in layers) x = layer(x);
        EncoderGolden.AssertClose(batch.WithoutFill(network.Forward(batch)), batch.WithoutFill(x), 2e-5);
    }

    [Theory]
    [InlineData("mpnet", ScalarType.Float32)]
    [InlineData("bert", ScalarType.BFloat16)]
    [InlineData("distilbert", ScalarType.Float32)]
    [InlineData("roberta", ScalarType.Float32)]
    public void With_weights_of_8_bits_the_states_point_where_they_did_and_a_training_knows_nothing_of_them(string architecture, ScalarType type)
    {
        using IDisposable scope = NewDisposeScope();
        using EncoderNetwork network = Create(architecture, 64, dropout: 0);
        network.ConvertLinearLayers(type);
        PackedBatch batch = network.Pack(Sequences);
        Tensor trained = network.Forward(batch);
        using IDisposable guard = no_grad();
        Tensor exact = network.Forward(batch);
        network.UseInt8();
        Tensor rounded = network.Forward(batch);
        Assert.NotEqual(exact.data<float>().ToArray(), rounded.data<float>().ToArray());
        Assert.True(Cosine(exact, rounded) > 0.999, $"{Cosine(exact, rounded)}");
        using (enable_grad()) EncoderGolden.AssertClose(trained, network.Forward(batch), 0);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    [InlineData(1)]
    public void With_dropout_the_gradient_is_the_slope_of_the_loss_under_the_same_masks(int lanes)
    {
        using EncoderNetwork network = Create("mpnet", 64, dropout: 0.2);
        network.train();
        (Tensor states, Dictionary<string, Tensor> gradients) = Run(network, fused: true, lanes);
        (Tensor again, _) = Run(network, fused: true, lanes);
        EncoderGolden.AssertClose(states, again, 0);
        foreach (string name in (string[])["encoder.layer.0.attention.attn.v.weight", "encoder.layer.0.attention.attn.q.bias", "encoder.layer.1.output.dense.weight"])
        {
            using IDisposable guard = no_grad();
            Tensor parameter = network.named_parameters().Single(p => p.name == name).parameter;
            Tensor direction = gradients[name] / gradients[name].norm();
            const float step = 1e-2f;
            parameter.add_(direction * step);
            double up = Loss(network, lanes);
            parameter.add_(direction * (-2 * step));
            double down = Loss(network, lanes);
            parameter.add_(direction * step);
            double slope = gradients[name].norm().item<float>();
            Assert.InRange((up - down) / (2 * step), slope * 0.98, slope * 1.02);
        }
    }

    // DistilBERT drops nothing there.
    [Theory]
    [InlineData("distilbert", false)]
    [InlineData("bert", true)]
    public void What_attention_gives_is_dropped_as_the_family_says(string architecture, bool drops)
    {
        using IDisposable scope = NewDisposeScope();
        using EncoderNetwork network = Create(architecture, 64, dropout: 0.5);
        FusedPass pass = new(new FusedLayers([], network.Shape), network.Pack(Sequences), 7);
        Assert.Equal((drops, true, true), (pass.ContextMask(0).IsOn, pass.OutputMask(0).IsOn, pass.AttentionMask(0, 0).IsOn));
    }

    [Fact]
    public void Every_register_drops_the_same_elements_and_about_as_many_as_asked_for()
    {
        DropoutMask mask = new(0.3, 42, 7);
        float[] wide = Drawn<Lanes512>(mask), half = Drawn<Lanes256>(mask), one = Drawn<Lanes1>(mask);
        Assert.Equal(one, half);
        Assert.Equal(one, wide);
        Assert.All(one, factor => Assert.True(factor is 0 or (> 1.428f and < 1.429f)));
        Assert.InRange(one.Count(factor => factor == 0) / (double)one.Length, 0.28, 0.32);
        Assert.NotEqual(one, Drawn<Lanes1>(new DropoutMask(0.3, 42, 8)));
    }

    private static unsafe float[] Drawn<TLanes>(DropoutMask mask)
        where TLanes : struct, ILanes<TLanes>
    {
        float[] factors = new float[16 * 400];
        fixed (float* to = factors)
        {
            for (int i = 0; i < factors.Length; i += TLanes.Count) TLanes.Dropout(mask, (uint)i).Store(to + i);
        }

        return factors;
    }

    // It moves all scores of a query alike: its gradient is nothing but rounding.
    private static bool IsBiasOfKeys(string parameter)
        => ((string[])["attn.k.bias", "key.bias", "k_lin.bias"]).Any(name => parameter.EndsWith(name, StringComparison.Ordinal));

    private static EncoderNetwork Create(string architecture, int width, double dropout)
    {
        manual_seed(1);
        EncoderNetwork network = architecture switch
        {
            "mpnet" => new MpnetEncoder(new MpnetConfig
            {
                VocabSize = 50,
                HiddenSize = width,
                NumHiddenLayers = 2,
                NumAttentionHeads = 2,
                IntermediateSize = 2 * width,
                MaxPositionEmbeddings = 50,
                HiddenDropoutProb = dropout,
                AttentionProbsDropoutProb = dropout,
            }),
            "bert" => new BertEncoder(new BertConfig
            {
                VocabSize = 50,
                HiddenSize = width,
                NumHiddenLayers = 2,
                NumAttentionHeads = 2,
                IntermediateSize = 2 * width,
                MaxPositionEmbeddings = 50,
                HiddenDropoutProb = dropout,
                AttentionProbsDropoutProb = dropout,
            }),
            "roberta" => new RobertaEncoder(new RobertaConfig
            {
                VocabSize = 50,
                HiddenSize = width,
                NumHiddenLayers = 2,
                NumAttentionHeads = 2,
                IntermediateSize = 2 * width,
                MaxPositionEmbeddings = 50,
                TypeVocabSize = 1,
                HiddenDropoutProb = dropout,
                AttentionProbsDropoutProb = dropout,
            }),
            _ => new DistilBertEncoder(new DistilBertConfig
            {
                VocabSize = 50,
                Dim = width,
                NLayers = 2,
                NHeads = 2,
                HiddenDim = 2 * width,
                MaxPositionEmbeddings = 50,
                Dropout = dropout,
                AttentionDropout = dropout,
            }),
        };
        network.eval();
        return network;
    }

    // A loss in which every state counts otherwise than the others.
    private static (Tensor States, Dictionary<string, Tensor> Gradients) Run(EncoderNetwork network, bool fused, int lanes)
    {
        Tensor states = States(network, fused, lanes, out Tensor loss);
        WidestRegister.Be(lanes, () => loss.backward());
        Dictionary<string, Tensor> gradients = network.named_parameters().Where(p => p.parameter.grad is not null)
            .ToDictionary(p => p.name, p => p.parameter.grad!.to(ScalarType.Float32).clone());
        foreach ((_, TorchSharp.Modules.Parameter parameter) in network.named_parameters()) parameter.grad = null;
        return (states.detach(), gradients);
    }

    private static double Loss(EncoderNetwork network, int lanes)
    {
        States(network, fused: true, lanes, out Tensor loss);
        return loss.item<float>();
    }

    private static Tensor States(EncoderNetwork network, bool fused, int lanes, out Tensor loss)
    {
        Tensor? states = null;
        WidestRegister.Be(lanes, () =>
        {
            manual_seed(3);
            network.RunsFused = fused;
            states = network.Forward(network.Pack(Sequences)).narrow(0, 0, Sequences.Sum(s => s.Length));
        });
        manual_seed(4);
        loss = (states! * randn(states!.shape)).sum();
        return states;
    }

    private static double Cosine(Tensor a, Tensor b) => ((a * b).sum() / (a.norm() * b.norm())).item<float>();
}
