using GenQ.Compute;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>What lies between two halves of T5's layers, for <see cref="T5EncoderEngine"/> and <see cref="T5DecoderEngine"/>.</summary>
internal static unsafe class T5ResidualNorm
{
    /// <summary>Adds a branch to the residual stream and normalises the sum: what the next matmul reads.</summary>
    /// <param name="stream">(rows, d_model), fp32, changed in place.</param>
    /// <param name="branch">(rows, d_model), or null where nothing is taken up.</param>
    /// <param name="norm">The norm.</param>
    /// <param name="config">Knows the epsilon.</param>
    /// <param name="scale">A factor of the result.</param>
    /// <returns>(rows, d_model), of <typeparamref name="T"/>.</returns>
    public static Tensor AddAndNormalize<T>(Tensor stream, Tensor? branch, T5RmsNorm norm, T5Config config, double scale = 1)
        where T : unmanaged
    {
        Tensor output = empty(stream.shape, typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.BFloat16);
        RmsNormKernel.Forward(
            (int)stream.shape[0], (int)stream.shape[1], stream.Pointer<float>(), branch is null ? null : branch.Pointer<T>(),
            norm.Weight.Pointer<float>(), (float)config.LayerNormEpsilon, (float)scale, output.Pointer<T>());
        return output;
    }
}
