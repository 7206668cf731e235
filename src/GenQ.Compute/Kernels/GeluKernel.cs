namespace GenQ.Compute;

/// <summary>
/// GELU of x + bias, x · Φ(x) (Hendrycks and Gimpel 2016, "Gaussian Error Linear Units"), over the rows that a matrix multiplication gave
/// without its bias: one pass through memory in place of three.
/// </summary>
/// <remarks>Numbers are <see cref="float"/> or <see cref="Bf16"/>; the bias and its gradient are fp32.</remarks>
internal static unsafe class GeluKernel
{
    private const int RowsOfRange = 32;

    private const float InverseRootOfTwoPi = 0.39894228f;

    /// <summary>Computes the activations.</summary>
    /// <param name="rows">Rows of both matrices.</param>
    /// <param name="width">Their columns.</param>
    /// <param name="x">(rows, width): the matmul's output.</param>
    /// <param name="bias">(width).</param>
    /// <param name="y">(rows, width): receives the activations; may be <paramref name="x"/>.</param>
    public static void Forward<T>(int rows, int width, T* x, float* bias, T* y)
        where T : unmanaged
    {
        switch (Registers.For(width))
        {
            case 16: Forward<Lanes512, T>(rows, width, x, bias, y); break;
            case 8: Forward<Lanes256, T>(rows, width, x, bias, y); break;
            default: Forward<Lanes1, T>(rows, width, x, bias, y); break;
        }
    }

    /// <summary>Turns the gradient of the activations into that of the matmul's output.</summary>
    /// <param name="rows">Rows of both matrices.</param>
    /// <param name="width">Their columns.</param>
    /// <param name="x">(rows, width): the matmul's output, as <see cref="Forward{T}"/> read it.</param>
    /// <param name="bias">(width).</param>
    /// <param name="gradient">(rows, width): of the activations; becomes that of the matmul's output.</param>
    /// <param name="biasGradient">(width): the bias's gradient is added to it.</param>
    public static void Backward<T>(int rows, int width, T* x, float* bias, T* gradient, Span<float> biasGradient)
        where T : unmanaged
    {
        using ColumnSums sums = new((rows + RowsOfRange - 1) / RowsOfRange, width);
        switch (Registers.For(width))
        {
            case 16: Backward<Lanes512, T>(rows, width, x, bias, gradient, sums); break;
            case 8: Backward<Lanes256, T>(rows, width, x, bias, gradient, sums); break;
            default: Backward<Lanes1, T>(rows, width, x, bias, gradient, sums); break;
        }

        sums.AddTo(biasGradient);
    }

    private static void Forward<TLanes, T>(int rows, int width, T* x, float* bias, T* y)
        where TLanes : struct, ILanes<TLanes>
        where T : unmanaged
        => ParallelRanges.For(rows, RowsOfRange, width, (_, first, end) =>
        {
            TLanes zero = TLanes.All(0);
            for (long row = first; row < end; row++)
            {
                T* from = x + row * width, to = y + row * width;
                for (int j = 0; j < width; j += TLanes.Count)
                {
                    TLanes value = TLanes.Load(from + j) + TLanes.Load(bias + j);
                    TLanes size = TLanes.Abs(value);
                    (TLanes.Max(value, zero) - size * LaneMath.NormalTail(size)).Store(to + j);
                }
            }
        });

    private static void Backward<TLanes, T>(int rows, int width, T* x, float* bias, T* gradient, ColumnSums sums)
        where TLanes : struct, ILanes<TLanes>
        where T : unmanaged
        => ParallelRanges.For(rows, RowsOfRange, width, (range, first, end) =>
        {
            float* sum = sums.Of(range);
            TLanes one = TLanes.All(1), minusHalf = TLanes.All(-0.5f);
            for (long row = first; row < end; row++)
            {
                T* from = x + row * width, to = gradient + row * width;
                for (int j = 0; j < width; j += TLanes.Count)
                {
                    TLanes value = TLanes.Load(from + j) + TLanes.Load(bias + j);
                    TLanes tail = LaneMath.NormalTail(TLanes.Abs(value)), below = TLanes.BySign(value, tail, one - tail);
                    TLanes bell = LaneMath.Exp(value * value * minusHalf);
                    TLanes result = TLanes.Load(to + j) * TLanes.MultiplyAdd(value * bell, TLanes.All(InverseRootOfTwoPi), below);
                    result.Store(to + j);
                    (TLanes.Load(sum + j) + result).Store(sum + j);
                }
            }
        });
}
