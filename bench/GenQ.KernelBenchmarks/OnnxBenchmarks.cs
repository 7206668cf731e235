using BenchmarkDotNet.Attributes;
using GenQ.Compute;
using GenQ.Models;
using GenQ.Onnx;

namespace GenQ.KernelBenchmarks;

/// <summary>The mini encoder on torch and on ONNX Runtime: opening it up to the first vector, and texts of up to 240 words. In this process: the natives lie beside it.</summary>
[InProcess]
public class OnnxBenchmarks
{
    private const int TextsOfRound = 64, ShortestText = 60, LongestText = 240;

    private static readonly string[] Words = ["mount", "the", "disk", "before", "its", "files", "can", "be", "read", "and", "name", "a", "folder"];

    private readonly string _folder = Directory.CreateTempSubdirectory("genq-bench").FullName;
    private string[] _texts = [];
    private BiEncoder? _torch;
    private OnnxEncoder? _onnx;

    /// <summary>What encodes.</summary>
    public enum Encoder
    {
        TorchFp32,
        TorchAuto,
        OnnxFp32,
        OnnxInt8,
    }

    [ParamsAllValues]
    public Encoder By { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _texts = [.. Enumerable.Range(0, TextsOfRound).Select(i => string.Join(
            ' ', Enumerable.Range(i, ShortestText + i * (LongestText - ShortestText) / (TextsOfRound - 1)).Select(j => Words[j % Words.Length])))];
        if (By is Encoder.OnnxFp32 or Encoder.OnnxInt8) OnnxExport.Write("genq-mini-mpnet", _folder, By == Encoder.OnnxInt8);
        (_torch, _onnx) = Load();
    }

    /// <summary>From nothing to the vector of a query; the files are in the system's memory.</summary>
    [Benchmark]
    public float[][] Open()
    {
        (BiEncoder? torch, OnnxEncoder? onnx) = Load();
        using (torch)
        using (onnx)
            return torch?.EncodeQueries(["how do I mount a disk"]) ?? onnx!.EncodeQueries(["how do I mount a disk"]);
    }

    [Benchmark]
    public float[][] OneQuery() => _torch?.EncodeQueries(["how do I mount a disk"]) ?? _onnx!.EncodeQueries(["how do I mount a disk"]);

    [Benchmark(OperationsPerInvoke = TextsOfRound)]
    public float[][] Text() => _torch?.EncodePassages(_texts) ?? _onnx!.EncodePassages(_texts);

    [GlobalCleanup]
    public void Cleanup()
    {
        _torch?.Dispose();
        _onnx?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private (BiEncoder? Torch, OnnxEncoder? Onnx) Load() => By switch
    {
        Encoder.TorchFp32 => (BiEncoder.Load("genq-mini-mpnet", new BiEncoderOptions { Precision = Precision.Fp32 }), null),
        Encoder.TorchAuto => (BiEncoder.Load("genq-mini-mpnet"), null),
        _ => (null, OnnxEncoder.Load(_folder)),
    };
}
