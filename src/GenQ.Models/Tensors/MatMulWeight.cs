using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>A weight matrix as the matmuls of an engine take it: as it is, or in 8 bits.</summary>
internal sealed class MatMulWeight : IDisposable
{
    private readonly Tensor? _transposed;
    private readonly Int8Weight? _int8;

    /// <summary>Takes a weight over.</summary>
    /// <param name="weight">(columns of the result, width), fp32 or bf16; must not change meanwhile.</param>
    /// <param name="int8">Whether it is rounded to 8 bits.</param>
    public MatMulWeight(Tensor weight, bool int8)
    {
        if (int8) _int8 = new Int8Weight(weight);
        else _transposed = weight.t().DetachFromDisposeScope();
    }

    /// <summary>x · weightᵀ.</summary>
    /// <param name="x">(rows, width), of the weight's type.</param>
    /// <returns>(rows, columns), of the same type.</returns>
    public Tensor Multiply(Tensor x) => _int8?.Multiply(x) ?? x.matmul(_transposed!);

    /// <inheritdoc/>
    public void Dispose()
    {
        _transposed?.Dispose();
        _int8?.Dispose();
    }
}
