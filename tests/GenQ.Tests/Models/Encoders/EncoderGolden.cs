using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Tests.Encoders;

/// <summary>A tiny encoder and what the reference implementation computes with it.</summary>
internal sealed class EncoderGolden : IDisposable
{
    // One of each family is in the repository; other forms of the same weights lie beside it.
    private static readonly string[] Main = ["mpnet-tiny", "bert-tiny", "distilbert-tiny", "xlm-roberta-tiny"];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Dictionary<string, Tensor> _tensors;

    public EncoderGolden(string name)
    {
        Folder = FolderOf(name);
        string expected = FolderOf(Main.Single(main => name.StartsWith(main, StringComparison.Ordinal)));
        Expected = JsonNode.Parse(File.ReadAllText(Path.Combine(expected, "expected.json")))!;
        _tensors = TensorFile.Read(Path.Combine(expected, "expected.safetensors"));
    }

    public string Folder { get; }

    public JsonNode Expected { get; }

    public string[] Texts => [.. Expected["texts"]!.AsArray().Select(text => text!.GetValue<string>())];

    public QueryPassagePair[] Pairs =>
        [.. Expected["pairs"]!.AsArray().Select(pair => new QueryPassagePair(pair![0]!.GetValue<string>(), pair[1]!.GetValue<string>()))];

    public Tensor this[string name] => _tensors[name];

    /// <summary>The token sequences of <see cref="Texts"/>, without padding.</summary>
    public int[][] Sequences()
    {
        Tensor ids = this["input_ids"], mask = this["attention_mask"];
        return [.. Enumerable.Range(0, (int)ids.shape[0]).Select(row =>
        {
            int length = (int)mask[row].sum().item<long>();
            return ids[row].narrow(0, 0, length).data<long>().ToArray().Select(id => (int)id).ToArray();
        })];
    }

    public static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        double difference = (expected - actual).abs().max().to(ScalarType.Float64).item<double>();
        Assert.True(difference <= tolerance, $"differs by {difference:g3}, allowed are {tolerance:g3}");
    }

    public static void AssertClose(Tensor expected, float[][] actual, double tolerance)
        => AssertClose(expected, tensor(actual.SelectMany(row => row).ToArray()).view(actual.Length, -1), tolerance);

    public static void AssertRelative(double expected, double actual, double tolerance)
        => Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"expected {expected}, got {actual}");

    /// <summary>A copy of the folder with other values in config.json.</summary>
    public void CopyTo(string folder, params (string Name, JsonNode Value)[] config)
    {
        foreach (string file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, File.ReadAllBytes(file));
        }

        string path = Path.Combine(folder, "config.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        foreach ((string name, JsonNode value) in config) json[name] = value;
        File.WriteAllText(path, json.ToJsonString());
    }

    public void Dispose() => _scope.Dispose();

    /// <summary>The checkpoint of each family.</summary>
    public static TheoryData<string> Families => [.. Main];

    private static string FolderOf(string name)
        => Main.Contains(name) ? Shared.Golden("checkpoints", name) : Shared.Company("golden", "checkpoints", name);
}
