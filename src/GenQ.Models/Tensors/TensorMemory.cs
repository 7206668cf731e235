using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>Where a tensor's numbers lie, for the kernels of GenQ.Compute.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>The first number of a contiguous tensor on the CPU. It stays there as long as the tensor is not disposed.</summary>
    public static T* Pointer<T>(this Tensor tensor)
        where T : unmanaged
        => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    /// <summary>The numbers of a contiguous fp32 tensor on the CPU.</summary>
    public static Span<float> Floats(this Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
