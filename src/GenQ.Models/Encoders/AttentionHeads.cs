using GenQ.Compute;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>Cuts queries, keys and values, which one matmul gave, into heads.</summary>
internal static unsafe class AttentionHeads
{
    /// <summary>Cuts out a group's.</summary>
    /// <param name="layout">The group.</param>
    /// <param name="qkv">(rows, 3 · width): queries, keys and values side by side.</param>
    /// <param name="bias">(3 · width), added to them; or null.</param>
    /// <param name="scale">The factor of the queries.</param>
    /// <returns>(sequences · heads, length, head's width) each.</returns>
    public static (Tensor Queries, Tensor Keys, Tensor Values) Split<T>(AttentionLayout layout, Tensor qkv, float* bias, float scale)
        where T : unmanaged
    {
        return (Part(0, scale), Part(1, 1), Part(2, 1));

        Tensor Part(int number, float factor)
        {
            Tensor heads = empty([(long)layout.Count * layout.Heads, layout.Length, layout.HeadWidth], qkv.dtype);
            int first = number * layout.Width;
            HeadsKernel.Split(
                layout, qkv.Pointer<T>() + first, 3 * layout.Width, bias == null ? null : bias + first, factor, heads.Pointer<T>());
            return heads;
        }
    }
}
