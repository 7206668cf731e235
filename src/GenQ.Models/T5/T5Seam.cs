using GenQ.Compute;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>What lies between two halves of T5's layers, for <see cref="T5Reader"/> and <see cref="T5Writer"/>.</summary>
internal static unsafe class T5Seam
{
    /// <summary>The stream takes up a product, and its norm is what the next product reads.</summary>
    /// <param name="stream">(rows, d_model), fp32, changed in place.</param>
    /// <param name="product">(rows, d_model), or null where nothing is taken up.</param>
    /// <param name="norm">The norm.</param>
    /// <param name="config">Knows the epsilon.</param>
    /// <param name="scale">A factor of the result.</param>
    /// <returns>(rows, d_model), of <typeparamref name="T"/>.</returns>
    public static Tensor AddAndNormalize<T>(Tensor stream, Tensor? product, T5RmsNorm norm, T5Config config, double scale = 1)
        where T : unmanaged
    {
        Tensor output = empty(stream.shape, typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.BFloat16);
        RmsNormKernel.Forward(
            (int)stream.shape[0], (int)stream.shape[1], stream.Pointer<float>(), product is null ? null : product.Pointer<T>(),
            norm.Weight.Pointer<float>(), (float)config.LayerNormEpsilon, (float)scale, output.Pointer<T>());
        return output;
    }
}
