using System.Text.Json.Nodes;
using GenQ.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Tests.T5;

/// <summary>A tiny T5 and what the reference implementation computes with it.</summary>
internal sealed class T5Golden : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Dictionary<string, Tensor> _tensors;

    public T5Golden(string name)
    {
        // The .bin twin and the gated one live beside the project; the first is expected to equal t5-tiny.
        string folder = name == "t5-tiny" ? Shared.Golden("checkpoints", name) : Shared.Company("golden", "checkpoints", name);
        string expected = name == "t5-tiny-bin" ? Shared.Golden("checkpoints", "t5-tiny") : folder;
        Model = T5Model.Load(folder);
        Expected = JsonNode.Parse(File.ReadAllText(Path.Combine(expected, "expected.json")))!;
        _tensors = TensorFile.Read(Path.Combine(expected, "expected.safetensors"));
        Mask = this["attention_mask"].to(ScalarType.Float32);
    }

    public T5Model Model { get; }

    public JsonNode Expected { get; }

    public Tensor Mask { get; }

    public Tensor this[string name] => _tensors[name];

    public static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        double difference = (expected - actual).abs().max().item<float>();
        Assert.True(difference <= tolerance, $"differs by {difference:g3}, allowed are {tolerance:g3}");
    }

    public void Dispose()
    {
        Model.Dispose();
        _scope.Dispose();
    }
}
