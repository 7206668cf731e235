using System.Diagnostics;
using GenQ.Compute;
using static TorchSharp.torch;

namespace GenQ.Bench;

/// <summary>The best rate of the bare matrix multiplication, (4096, 768) times (768, 3072): what networks cannot be faster than.</summary>
internal sealed class Yardstick : IDisposable
{
    private const int Rows = 4096, Inner = 768, Columns = 3072;

    private readonly Tensor _left, _right;

    public Yardstick(Precision precision)
    {
        ScalarType type = precision == Precision.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32;
        using IDisposable guard = no_grad();
        _left = rand(Rows, Inner).to(type).DetachFromDisposeScope();
        _right = rand(Columns, Inner).to(type).DetachFromDisposeScope();
    }

    /// <summary>Billions of operations a second, the best seen so far.</summary>
    public double Gflops { get; private set; }

    /// <summary>Multiplies a few times more.</summary>
    public void Measure()
    {
        using IDisposable guard = no_grad();
        for (int i = 0; i < 5; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using Tensor product = nn.functional.linear(_left, _right);
            Gflops = Math.Max(Gflops, 2.0 * Rows * Inner * Columns / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
    }
}
