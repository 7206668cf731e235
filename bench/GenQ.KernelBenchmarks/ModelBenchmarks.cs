using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using GenQ.Compute;
using GenQ.Models;
using GenQ.Text;
using GenQ.Training;

namespace GenQ.KernelBenchmarks;

/// <summary>Opening an encoder of MPNet-base's sizes, some 430 MB in fp32 that the system still has in memory. In this process: libtorch lies beside it.</summary>
[InProcess]
public class ModelBenchmarks
{
    private readonly string _folder = Directory.CreateTempSubdirectory("genq-bench").FullName;

    /// <summary>What matrix multiplications are to be computed in: to have them in bf16, the weights are rounded.</summary>
    [Params(Precision.Fp32, Precision.Auto)]
    public Precision Precision { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        string mini = ModelFolder.Resolve("genq-mini-mpnet"), sizes = Path.Combine(_folder, "sizes"), config = Path.Combine(sizes, "config.json");
        Directory.CreateDirectory(sizes);
        foreach (string file in Directory.GetFiles(mini, "*.json")) File.Copy(file, Path.Combine(sizes, Path.GetFileName(file)));
        foreach (string file in Directory.GetFiles(mini, "*.txt")) File.Copy(file, Path.Combine(sizes, Path.GetFileName(file)));
        JsonNode numbers = JsonNode.Parse(File.ReadAllText(config))!;
        (numbers["hidden_size"], numbers["intermediate_size"], numbers["max_position_embeddings"]) = (768, 3072, 514);
        (numbers["num_hidden_layers"], numbers["num_attention_heads"]) = (12, 12);
        File.WriteAllText(config, numbers.ToJsonString());
        FreshEncoder.Create(sizes, Path.Combine(_folder, "model"), 1);
        Console.WriteLine($"// {new FileInfo(Path.Combine(_folder, "model", "model.safetensors")).Length:N0} bytes of weights");
    }

    [Benchmark]
    public int Open()
    {
        using BiEncoder model = BiEncoder.Load(Path.Combine(_folder, "model"), new BiEncoderOptions { Precision = Precision });
        return model.Dimensions;
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);
}
