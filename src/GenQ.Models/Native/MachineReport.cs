using System.Diagnostics;
using GenQ.Compute;
using GenQ.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>What libtorch is on this machine and how fast it multiplies, measured once. The rates inform people: nothing is chosen by them.</summary>
internal sealed record MachineReport
{
    private const int Size = 1024;
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(300);

    /// <summary>Threads that libtorch computes with.</summary>
    public required int Threads { get; init; }

    /// <summary>Billions of floating-point operations a second in fp32 matrix multiplication.</summary>
    public required double Fp32Gflops { get; init; }

    /// <summary>As <see cref="Fp32Gflops"/>, in bf16; <see langword="null"/> where the processor would emulate it, slowly.</summary>
    public required double? Bf16Gflops { get; init; }

    /// <summary>The version of libtorch that TorchSharp was made for.</summary>
    public required string LibtorchVersion { get; init; }

    /// <summary>The version of TorchSharp.</summary>
    public required string TorchSharpVersion { get; init; }

    /// <summary>The native settings that GenQ changed for speed, in words.</summary>
    public required IReadOnlyList<string> Switches { get; init; }

    /// <summary>Looks at the machine and multiplies matrices for about a second.</summary>
    /// <exception cref="GenQException">libtorch cannot be loaded.</exception>
    public static MachineReport Measure()
    {
        NativeSwitches.Apply();
        return new MachineReport
        {
            Threads = Models.Threads.Count,
            Fp32Gflops = MeasureMatMul(ScalarType.Float32),
            Bf16Gflops = CpuFeatures.Current.MultipliesBf16 ? MeasureMatMul(ScalarType.BFloat16) : null,
            LibtorchVersion = __version__,
            TorchSharpVersion = typeof(torch).Assembly.GetName().Version!.ToString(3),
            Switches = NativeSwitches.Applied,
        };
    }

    // The fastest run counts: a slower one says what else the machine was doing.
    private static double MeasureMatMul(ScalarType type)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        Tensor left = ones(Size, Size, dtype: type), right = ones(Size, Size, dtype: type);
        TimeSpan best = TimeSpan.MaxValue;
        for (Stopwatch all = Stopwatch.StartNew(); all.Elapsed < Duration;)
        {
            long start = Stopwatch.GetTimestamp();
            using Tensor result = matmul(left, right);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed < best) best = elapsed;
        }

        return 2.0 * Size * Size * Size / best.TotalSeconds / 1e9;
    }
}
