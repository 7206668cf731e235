namespace GenQ.Compute;

/// <summary>
/// Turns the rows of a matrix into 8-bit whole numbers for a matmul, and the matmul's 32-bit sums back into numbers: symmetric
/// quantization with a scale for each row of either matrix, as in Dettmers et al. 2022, "LLM.int8(): 8-bit Matrix Multiplication for
/// Transformers at Scale", section 3.1.
/// </summary>
/// <remarks>Numbers are <see cref="float"/> or <see cref="Bf16"/>.</remarks>
internal static unsafe class Int8QuantizationKernel
{
    private const int RowsOfRange = 32;

    /// <summary>The largest whole number of 8 bits that has a counterpart below 0.</summary>
    public const int Largest = 127;

    /// <summary>Rounds each row to whole numbers of −<paramref name="largest"/> to <paramref name="largest"/>.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="x">(rows, width).</param>
    /// <param name="quantized">(rows, width): receives the whole numbers.</param>
    /// <param name="scales">(rows): receives what a whole number is to be multiplied with; 0 for a row of zeros.</param>
    /// <param name="largest">What the greatest number of a row becomes, at most <see cref="Largest"/>.</param>
    public static void Quantize<T>(int rows, int width, T* x, sbyte* quantized, float* scales, int largest = Largest)
        where T : unmanaged
    {
        switch (Registers.For(width))
        {
            case 16: Quantize<Lanes512, T>(rows, width, x, quantized, scales, largest); break;
            case 8: Quantize<Lanes256, T>(rows, width, x, quantized, scales, largest); break;
            default: Quantize<Lanes1, T>(rows, width, x, quantized, scales, largest); break;
        }
    }

    /// <summary>Multiplies each sum with the scales of its row and of its column.</summary>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="sums">(rows, width): sums of products of whole numbers.</param>
    /// <param name="rowScales">(rows).</param>
    /// <param name="columnScales">(width).</param>
    /// <param name="y">(rows, width): receives the result.</param>
    public static void Dequantize<T>(int rows, int width, int* sums, float* rowScales, float* columnScales, T* y)
        where T : unmanaged
    {
        switch (Registers.For(width))
        {
            case 16: Dequantize<Lanes512, T>(rows, width, sums, rowScales, columnScales, y); break;
            case 8: Dequantize<Lanes256, T>(rows, width, sums, rowScales, columnScales, y); break;
            default: Dequantize<Lanes1, T>(rows, width, sums, rowScales, columnScales, y); break;
        }
    }

    private static void Quantize<TLanes, T>(int rows, int width, T* x, sbyte* quantized, float* scales, int largest)
        where TLanes : struct, ILanes<TLanes>
        where T : unmanaged
        => ParallelRanges.For(rows, RowsOfRange, width, (_, first, end) =>
        {
            for (long row = first; row < end; row++)
            {
                T* from = x + row * width;
                sbyte* to = quantized + row * width;
                TLanes greatest = TLanes.All(0);
                for (int j = 0; j < width; j += TLanes.Count) greatest = TLanes.Max(greatest, TLanes.Abs(TLanes.Load(from + j)));
                scales[row] = greatest.Greatest() / largest;
                TLanes factor = TLanes.All(scales[row] > 0 ? 1 / scales[row] : 0);
                for (int j = 0; j < width; j += TLanes.Count) TLanes.Round(TLanes.Load(from + j) * factor).Store(to + j);
            }
        });

    private static void Dequantize<TLanes, T>(int rows, int width, int* sums, float* rowScales, float* columnScales, T* y)
        where TLanes : struct, ILanes<TLanes>
        where T : unmanaged
        => ParallelRanges.For(rows, RowsOfRange, width, (_, first, end) =>
        {
            for (long row = first; row < end; row++)
            {
                int* from = sums + row * width;
                T* to = y + row * width;
                TLanes scale = TLanes.All(rowScales[row]);
                for (int j = 0; j < width; j += TLanes.Count) (TLanes.Load(from + j) * (scale * TLanes.Load(columnScales + j))).Store(to + j);
            }
        });
}
