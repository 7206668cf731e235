namespace GenQ.Compute;

/// <summary>
/// The residual sum and the norm between two halves of a T5 layer in one pass: a branch is added to the residual stream, and its root-mean-square norm (Zhang and
/// Sennrich 2019) is what the next matmul reads.
/// </summary>
/// <remarks>The residual stream is fp32, matmul outputs are <see cref="float"/> or <see cref="Bf16"/>.</remarks>
internal static unsafe class RmsNormKernel
{
    private const int RowsOfRange = 8;

    /// <summary>residual += branch; output = residual / rms(residual) · weight · scale.</summary>
    /// <param name="rows">Rows of all matrices.</param>
    /// <param name="width">Their columns.</param>
    /// <param name="residual">(rows, width), changed in place.</param>
    /// <param name="branch">(rows, width), or null where nothing is taken up.</param>
    /// <param name="weight">(width).</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="scale">A factor of the output.</param>
    /// <param name="output">(rows, width).</param>
    public static void Forward<T>(int rows, int width, float* residual, T* branch, float* weight, float epsilon, float scale, T* output)
        where T : unmanaged
    {
        switch (Registers.For(width))
        {
            case 16: Forward<Lanes512, T>(rows, width, residual, branch, weight, epsilon, scale, output); break;
            case 8: Forward<Lanes256, T>(rows, width, residual, branch, weight, epsilon, scale, output); break;
            default: Forward<Lanes1, T>(rows, width, residual, branch, weight, epsilon, scale, output); break;
        }
    }

    private static void Forward<TLanes, T>(int rows, int width, float* residual, T* branch, float* weight, float epsilon, float scale, T* output)
        where TLanes : struct, ILanes<TLanes>
        where T : unmanaged
        => ParallelRanges.For(rows, RowsOfRange, width, (_, first, end) =>
        {
            for (long row = first; row < end; row++)
            {
                float* stream = residual + row * width;
                TLanes squares = TLanes.All(0);
                for (int j = 0; j < width; j += TLanes.Count)
                {
                    TLanes x = TLanes.Load(stream + j);
                    if (branch != null)
                    {
                        x += TLanes.Load(branch + row * width + j);
                        x.Store(stream + j);
                    }

                    squares = TLanes.MultiplyAdd(x, x, squares);
                }

                TLanes factor = TLanes.All(scale / MathF.Sqrt(squares.Sum() / width + epsilon));
                for (int j = 0; j < width; j += TLanes.Count)
                    (TLanes.Load(stream + j) * factor * TLanes.Load(weight + j)).Store(output + row * width + j);
            }
        });
}
