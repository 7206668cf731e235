using GenQ.Compute;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>
/// A weight matrix in 8-bit whole numbers, each of its rows with a scale of its own. In a product the other matrix's rows are rounded likewise: a quarter of the
/// memory of fp32, and up to twice the speed of bf16 where the processor multiplies bytes (AVX512-VNNI). Elsewhere a weight has 7 bits.
/// </summary>
/// <remarks>On the CPU, without gradients. libtorch has the product (<c>_int_mm</c>), TorchSharp reaches it by TorchScript alone.</remarks>
internal sealed unsafe class Int8Weight : IDisposable
{
    private static readonly Lazy<jit.CompilationUnit> Script = new(() => jit.compile(
        "def product(x: Tensor, w: Tensor) -> Tensor:\n    return torch._int_mm(x, w)\n")!);

    // Without VNNI, oneDNN adds two products of unsigned and signed bytes in 16 bits, which 2 x 255 x 127 overflows without a word;
    // 2 x 255 x 63 does not.
    private const int LargestWithoutVnni = 63;

    private readonly Tensor _weight, _scales;

    /// <summary>Rounds a weight.</summary>
    /// <param name="weight">(columns of the product, width), fp32 or bf16.</param>
    public Int8Weight(Tensor weight)
    {
        using IDisposable scope = NewDisposeScope();
        (Tensor quantized, Tensor scales) = Quantize(
            weight.detach().to(ScalarType.Float32).contiguous(), CpuFeatures.Current.Avx512Vnni ? Int8Kernel.Largest : LargestWithoutVnni);
        (_weight, _scales) = (quantized.DetachFromDisposeScope(), scales.DetachFromDisposeScope());
    }

    /// <summary>x · weightᵀ.</summary>
    /// <param name="x">(rows, width), fp32 or bf16, contiguous.</param>
    /// <returns>(rows, columns), of the same type.</returns>
    public Tensor Multiply(Tensor x)
    {
        using IDisposable scope = NewDisposeScope();
        (Tensor quantized, Tensor scales) = Quantize(x, Int8Kernel.Largest);
        Tensor sums = (Tensor)Script.Value.invoke("product", quantized, _weight.t())!;
        Tensor product = empty(sums.shape, x.dtype);
        int rows = (int)sums.shape[0], width = (int)sums.shape[1];
        if (x.dtype == ScalarType.BFloat16)
            Int8Kernel.Dequantize(rows, width, sums.Pointer<int>(), scales.Pointer<float>(), _scales.Pointer<float>(), product.Pointer<Bf16>());
        else Int8Kernel.Dequantize(rows, width, sums.Pointer<int>(), scales.Pointer<float>(), _scales.Pointer<float>(), product.Pointer<float>());
        return product.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weight.Dispose();
        _scales.Dispose();
    }

    private static (Tensor Quantized, Tensor Scales) Quantize(Tensor x, int largest)
    {
        int rows = (int)x.shape[0], width = (int)x.shape[1];
        Tensor quantized = empty(x.shape, ScalarType.Int8), scales = empty(rows);
        if (x.dtype == ScalarType.BFloat16) Int8Kernel.Quantize(rows, width, x.Pointer<Bf16>(), quantized.Pointer<sbyte>(), scales.Pointer<float>(), largest);
        else Int8Kernel.Quantize(rows, width, x.Pointer<float>(), quantized.Pointer<sbyte>(), scales.Pointer<float>(), largest);
        return (quantized, scales);
    }
}
