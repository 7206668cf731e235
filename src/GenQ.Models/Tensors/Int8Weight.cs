using GenQ.Compute;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>
/// A weight matrix in 8-bit whole numbers, each of its rows with a scale of its own. In a matmul the other matrix's rows are rounded likewise: a quarter of the
/// memory of fp32, and up to twice the speed of bf16 where the processor multiplies bytes (AVX512-VNNI). Elsewhere a weight has 7 bits, and
/// <see cref="Int8MatMulKernel"/> multiplies faster than fp32 does.
/// </summary>
/// <remarks>
/// On the CPU, without gradients. With VNNI libtorch has the matmul (<c>_int_mm</c>), which TorchSharp reaches by TorchScript alone; with AVX2 that
/// one is over twenty times slower than fp32.
/// </remarks>
internal sealed unsafe class Int8Weight : IDisposable
{
    private static readonly Lazy<jit.CompilationUnit> Script = new(() => jit.compile(
        "def int_mm(x: Tensor, w: Tensor) -> Tensor:\n    return torch._int_mm(x, w)\n")!);

    private readonly int _columns;
    private readonly Tensor _weight, _scales;

    // Null where libtorch multiplies: the weight then lies in rows, not in panels.
    private readonly Tensor? _starts;

    /// <summary>Rounds a weight.</summary>
    /// <param name="weight">(columns of the result, width), fp32 or bf16.</param>
    public Int8Weight(Tensor weight)
    {
        using IDisposable scope = NewDisposeScope();
        int width = (int)weight.shape[1];
        _columns = (int)weight.shape[0];
        bool vnni = CpuFeatures.Current.Avx512Vnni;

        // Without VNNI libtorch, too, sums neighbours up in 16 bits, and overflows without a word.
        (Tensor quantized, Tensor scales) =
            Quantize(weight.detach().to(ScalarType.Float32).contiguous(), vnni ? Int8QuantizationKernel.Largest : Int8MatMulKernel.LargestWeight);
        if (!vnni && Int8MatMulKernel.CanMultiply(width))
        {
            int columns = Int8MatMulKernel.RoundUp(_columns);
            Tensor panels = zeros([columns, width], ScalarType.Int8);
            _starts = zeros([columns], ScalarType.Int32).DetachFromDisposeScope();
            Int8MatMulKernel.Pack(_columns, width, quantized.Pointer<sbyte>(), panels.Pointer<sbyte>(), _starts.Pointer<int>());
            (quantized, scales) = (panels, cat([scales, zeros(columns - _columns)]));
        }

        (_weight, _scales) = (quantized.DetachFromDisposeScope(), scales.DetachFromDisposeScope());
    }

    /// <summary>x · weightᵀ.</summary>
    /// <param name="x">(rows, width), fp32 or bf16, contiguous.</param>
    /// <returns>(rows, columns), of the same type.</returns>
    public Tensor Multiply(Tensor x)
    {
        using IDisposable scope = NewDisposeScope();
        (Tensor quantized, Tensor scales) = Quantize(x, Int8QuantizationKernel.Largest);
        Tensor result = empty([x.shape[0], _columns], x.dtype);
        if (x.dtype == ScalarType.BFloat16) Multiply<Bf16>(quantized, scales, result);
        else Multiply<float>(quantized, scales, result);
        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weight.Dispose();
        _scales.Dispose();
        _starts?.Dispose();
    }

    private void Multiply<T>(Tensor x, Tensor scales, Tensor result)
        where T : unmanaged
    {
        int rows = (int)x.shape[0], width = (int)x.shape[1];
        if (_starts is not null)
        {
            Int8MatMulKernel.Multiply(
                rows, _columns, width, x.Pointer<sbyte>(), scales.Pointer<float>(), _weight.Pointer<sbyte>(), _starts.Pointer<int>(), _scales.Pointer<float>(),
                result.Pointer<T>());
        }
        else
        {
            Tensor sums = (Tensor)Script.Value.invoke("int_mm", x, _weight.t())!;
            Int8QuantizationKernel.Dequantize(rows, _columns, sums.Pointer<int>(), scales.Pointer<float>(), _scales.Pointer<float>(), result.Pointer<T>());
        }
    }

    private static (Tensor Quantized, Tensor Scales) Quantize(Tensor x, int largest)
    {
        int rows = (int)x.shape[0], width = (int)x.shape[1];
        Tensor quantized = empty(x.shape, ScalarType.Int8), scales = empty(rows);
        if (x.dtype == ScalarType.BFloat16) Int8QuantizationKernel.Quantize(rows, width, x.Pointer<Bf16>(), quantized.Pointer<sbyte>(), scales.Pointer<float>(), largest);
        else Int8QuantizationKernel.Quantize(rows, width, x.Pointer<float>(), quantized.Pointer<sbyte>(), scales.Pointer<float>(), largest);
        return (quantized, scales);
    }
}
