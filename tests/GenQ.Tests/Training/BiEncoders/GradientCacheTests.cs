using System.ComponentModel;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Tests.Encoders;
using GenQ.Training;
using TorchSharp;

namespace GenQ.Tests.Training;

[Collection(TorchRandomCollection.Name)]
public sealed class GradientCacheTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public void A_batch_in_parts_has_the_gradients_of_its_loss(double dropout)
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        golden.CopyTo(folder["start"], ("hidden_dropout_prob", dropout), ("attention_probs_dropout_prob", dropout));
        using BiEncoder model = BiEncoder.Load(folder["start"], new BiEncoderOptions { Precision = Precision.Fp32 });
        model.Network.train();
        int[][] texts = Texts(model, golden);
        int parts = GradientCache.Parts(texts, 40).Count();
        Assert.InRange(parts, 3, texts.Length - 1);

        double inParts = new GradientCache(model, 40).Backward(texts, Seed, Loss);
        Dictionary<string, float[]> gradients = Gradients(model);

        // The same without the cache: every part goes through the network with all that its gradients need kept.
        model.Network.zero_grad();
        using IDisposable scope = torch.NewDisposeScope();
        torch.Tensor loss = Loss(torch.cat([.. GradientCache.Parts(texts, 40).Select((part, i) =>
        {
            Seed(i);
            return model.Embed(texts[part]);
        })]));
        loss.backward();
        Assert.Equal(loss.item<float>(), inParts, 1e-5);
        foreach ((string name, float[] expected) in Gradients(model))
            Assert.True(expected.Zip(gradients[name]).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5), name);
        Assert.Contains(gradients.Values, values => values.Any(value => Math.Abs(value) > 1e-3));
    }

    [Fact]
    public void Where_memory_runs_out_the_parts_get_smaller_and_the_gradients_stay()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        golden.CopyTo(folder["start"], ("hidden_dropout_prob", 0), ("attention_probs_dropout_prob", 0));
        using BiEncoder model = BiEncoder.Load(folder["start"], new BiEncoderOptions { Precision = Precision.Fp32 });
        model.Network.train();
        int[][] texts = Texts(model, golden);
        new GradientCache(model, long.MaxValue).Backward(texts, Seed, Loss);
        Dictionary<string, float[]> whole = Gradients(model);
        model.Network.zero_grad();

        int seen = 0;
        GradientCache cache = new(model, long.MaxValue);
        cache.Backward(texts, part => seen = Math.Max(seen, part), Once(Full));
        Assert.True(seen > 0);
        foreach ((string name, float[] expected) in whole) Assert.True(expected.Zip(Gradients(model)[name]).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5), name);

        // Smaller parts stay, and other faults are none of memory.
        seen = 0;
        cache.Backward(texts, part => seen = Math.Max(seen, part), Loss);
        Assert.True(seen > 0);
        Assert.Throws<InvalidTimeZoneException>(() => cache.Backward(texts, Seed, Once(new InvalidTimeZoneException())));
        GenQException error = Assert.Throws<GenQException>(() => cache.Backward(texts, Seed, _ => throw Full));
        Assert.Contains("not even for one text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Less_memory_holds_fewer_tokens()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using BiEncoder model = BiEncoder.Load(golden.Folder, new BiEncoderOptions { Precision = Precision.Fp32 });
        Assert.True(TrainingMemory.Tokens(model.Network, 64) > TrainingMemory.Tokens(model.Network, 32));
        Assert.Equal(1, TrainingMemory.Tokens(model.Network, 0.001));
    }

    // As libtorch says it.
    private static Win32Exception Full => new(0, "[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes.");

    private static Func<torch.Tensor, torch.Tensor> Once(Exception fault)
    {
        bool isFirst = true;
        return vectors =>
        {
            if (!isFirst) return Loss(vectors);
            isFirst = false;
            throw fault;
        };
    }

    private static int[][] Texts(BiEncoder model, EncoderGolden golden)
        => [.. golden.Pairs.Select(pair => model.TokenizeQuery(pair.Query)), .. golden.Pairs.Select(pair => model.TokenizePassage(pair.Passage))];

    private static void Seed(int part) => torch.manual_seed(part);

    private static torch.Tensor Loss(torch.Tensor vectors)
    {
        int half = (int)vectors.shape[0] / 2;
        return MultipleNegativesRanking.Loss(vectors.narrow(0, 0, half), vectors.narrow(0, half, half), torch.arange(half));
    }

    private static Dictionary<string, float[]> Gradients(BiEncoder model) => model.Network.named_parameters()
        .Where(parameter => parameter.parameter.grad is not null)
        .ToDictionary(parameter => parameter.name, parameter => parameter.parameter.grad!.to(torch.ScalarType.Float32).contiguous().data<float>().ToArray());
}
