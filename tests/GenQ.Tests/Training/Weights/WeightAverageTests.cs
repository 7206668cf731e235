using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Tests.Training;

[Collection(TorchRandomCollection.Name)]
public sealed class WeightAverageTests
{
    private const string Name = "encoder.layer.0.attention.attn.q.weight";

    private static readonly string Tiny = Shared.Golden("checkpoints", "mpnet-tiny");

    [Fact]
    public void A_share_of_a_quarter_lies_a_quarter_of_the_way()
    {
        using TemporaryFolder folder = new();
        using DisposeScope scope = NewDisposeScope();
        FreshEncoder.Create(Tiny, folder["other"], seed: 1);
        WeightAverage.Write(Tiny, folder["other"], 0.25, folder["between"]);
        float first = One(Tiny), second = One(folder["other"]);
        Assert.Equal(first * 0.75f + second * 0.25f, One(folder["between"]), 1e-6f);
    }

    [Fact]
    public void Models_of_different_shapes_have_no_average()
    {
        using TemporaryFolder folder = new();
        GenQException error = Assert.Throws<GenQException>(() => WeightAverage.Write(Tiny, Shared.Golden("checkpoints", "bert-tiny"), 0.5, folder["between"]));
        Assert.Contains("models of one shape", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_with_a_base_share_saves_the_average_of_before_and_after()
    {
        using TemporaryFolder folder = new();
        using DisposeScope scope = NewDisposeScope();
        QueryPassagePair[] pairs = [.. Enumerable.Range(0, 8).Select(i => new QueryPassagePair($"question {i}", $"answer number {i}"))];
        BiEncoderTrainerOptions options = new() { BatchSize = 4, LearningRate = 1e-2, Epochs = 4, Precision = Precision.Fp32 };
        new BiEncoderTrainer(options).Train(Tiny, pairs, folder["whole"]);
        new BiEncoderTrainer(options with { BaseShare = 0.5 }).Train(Tiny, pairs, folder["half"]);
        Assert.NotEqual(One(Tiny), One(folder["whole", "model"]));
        Assert.Equal((One(Tiny) + One(folder["whole", "model"])) / 2, One(folder["half", "model"]), 1e-6f);
    }

    private static float One(string folder) => TensorFile.Read(Path.Combine(folder, "model.safetensors"))
        .First(tensor => tensor.Key.EndsWith(Name, StringComparison.Ordinal)).Value.view(-1)[3].to(ScalarType.Float32).item<float>();
}
