using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GenQ.Compute;

/// <summary>
/// x · weightᵀ in 8-bit whole numbers with AVX2 alone, up to twice as fast as fp32. One instruction multiplies 32 bytes of either matrix, but takes those of x
/// without a sign and sums neighbours up in 16 bits. So x comes with 128 added, which the sums begin without, and a weight has 7 bits:
/// 2 · 255 · 63 fits.
/// </summary>
/// <remarks>Weights lie in panels of 16 columns of the result, four numbers of a column side by side: what a tile reads is one stream.</remarks>
internal static unsafe class Int8MatMulKernel
{
    private const int PanelColumns = 16, Depth = 4, TileRows = 4;

    // A block of rows stays in the second-level cache, a panel in the first.
    private const int BlockRows = 128, PanelsOfRange = 4;

    // What makes whole numbers with a sign ones without, and back.
    private const byte SignBit = 0x80;

    /// <summary>The greatest weight that never overflows.</summary>
    public const int LargestWeight = 63;

    /// <summary>Whether the processor can, for matrices of this width.</summary>
    public static bool CanMultiply(int width) => CpuFeatures.Current.Avx2 && width % Depth == 0;

    /// <summary>Columns of the result with those that fill the last panel.</summary>
    public static int RoundUp(int columns) => (columns + PanelColumns - 1) / PanelColumns * PanelColumns;

    /// <summary>Lays a weight out in panels.</summary>
    /// <param name="columns">Its rows: the result's columns.</param>
    /// <param name="width">Its columns, a multiple of 4.</param>
    /// <param name="weight">(columns, width), at most <see cref="LargestWeight"/>.</param>
    /// <param name="panels">(<see cref="RoundUp"/>(columns) · width), zeros: receives the panels.</param>
    /// <param name="starts">(<see cref="RoundUp"/>(columns)), zeros: receives what the sums begin with.</param>
    public static void Pack(int columns, int width, sbyte* weight, sbyte* panels, int* starts)
    {
        for (int column = 0; column < columns; column++)
        {
            sbyte* from = weight + (long)column * width;
            sbyte* to = panels + (long)(column / PanelColumns) * PanelColumns * width + column % PanelColumns * Depth;
            int sum = 0;
            for (int k = 0; k < width; k++)
            {
                to[k / Depth * PanelColumns * Depth + k % Depth] = from[k];
                sum += from[k];
            }

            starts[column] = -SignBit * sum;
        }
    }

    /// <summary>y = x · weightᵀ, each sum multiplied with the scales of its row and column.</summary>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="width">Columns of x, a multiple of 4.</param>
    /// <param name="x">(rows, width); is overwritten.</param>
    /// <param name="rowScales">(rows).</param>
    /// <param name="panels">Of <see cref="Pack"/>.</param>
    /// <param name="starts">Of <see cref="Pack"/>.</param>
    /// <param name="columnScales">(<see cref="RoundUp"/>(columns)).</param>
    /// <param name="y">(rows, columns): receives the result, <see cref="float"/> or <see cref="Bf16"/>.</param>
    public static void Multiply<T>(
        int rows, int columns, int width, sbyte* x, float* rowScales, sbyte* panels, int* starts, float* columnScales, T* y)
        where T : unmanaged
    {
        byte* unsigned = (byte*)x;
        ParallelRanges.For(rows, BlockRows, width, (_, first, end) => FlipSigns(unsigned + (long)first * width, (long)(end - first) * width));
        ParallelRanges.For(columns, PanelsOfRange * PanelColumns, (long)rows * width, (_, firstColumn, endColumn) =>
        {
            int* sums = stackalloc int[TileRows * PanelColumns];
            for (int block = 0; block < rows; block += BlockRows)
            {
                int endRow = Math.Min(rows, block + BlockRows);
                for (int column = firstColumn; column < endColumn; column += PanelColumns)
                {
                    sbyte* panel = panels + (long)column * width;
                    for (int row = block; row < endRow; row += TileRows)
                    {
                        int count = Math.Min(TileRows, endRow - row);
                        Tile(width, unsigned + (long)row * width, count, panel, starts + column, sums);
                        for (int i = 0; i < count; i++)
                        {
                            Scale(
                                sums + i * PanelColumns, rowScales[row + i], columnScales + column, y + (long)(row + i) * columns + column,
                                Math.Min(PanelColumns, columns - column));
                        }
                    }
                }
            }
        });
    }

    private static void FlipSigns(byte* x, long count)
    {
        long i = 0;
        for (; i + Vector256<byte>.Count <= count; i += Vector256<byte>.Count) (Vector256.Load(x + i) ^ Vector256.Create(SignBit)).Store(x + i);
        for (; i < count; i++) x[i] ^= SignBit;
    }

    // Four rows meet sixteen columns: eight registers of sums. Where there are fewer rows, the first stands in for those that are missing.
    private static void Tile(int width, byte* x, int rows, sbyte* panel, int* starts, int* sums)
    {
        byte* x1 = rows > 1 ? x + width : x, x2 = rows > 2 ? x + 2 * width : x, x3 = rows > 3 ? x + 3 * width : x;
        Vector256<short> ones = Vector256<short>.One;
        Vector256<int> s00 = Vector256.Load(starts), s01 = Vector256.Load(starts + 8);
        Vector256<int> s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01;
        for (int k = 0; k < width; k += Depth, panel += Depth * PanelColumns)
        {
            Vector256<sbyte> w0 = Vector256.Load(panel), w1 = Vector256.Load(panel + 32);
            Vector256<byte> four = Vector256.Create(*(int*)(x + k)).AsByte();
            s00 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(four, w0), ones);
            s01 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(four, w1), ones);
            four = Vector256.Create(*(int*)(x1 + k)).AsByte();
            s10 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(four, w0), ones);
            s11 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(four, w1), ones);
            four = Vector256.Create(*(int*)(x2 + k)).AsByte();
            s20 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(four, w0), ones);
            s21 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(four, w1), ones);
            four = Vector256.Create(*(int*)(x3 + k)).AsByte();
            s30 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(four, w0), ones);
            s31 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(four, w1), ones);
        }

        s00.Store(sums);
        s01.Store(sums + 8);
        s10.Store(sums + 16);
        s11.Store(sums + 24);
        s20.Store(sums + 32);
        s21.Store(sums + 40);
        s30.Store(sums + 48);
        s31.Store(sums + 56);
    }

    private static void Scale<T>(int* sums, float rowScale, float* columnScales, T* y, int columns)
        where T : unmanaged
    {
        T* whole = stackalloc T[PanelColumns];
        T* to = columns == PanelColumns ? y : whole;
        Lanes256 scale = Lanes256.All(rowScale);
        for (int j = 0; j < PanelColumns; j += Lanes256.Count) (Lanes256.Load(sums + j) * (scale * Lanes256.Load(columnScales + j))).Store(to + j);
        if (to != y) new ReadOnlySpan<T>(whole, columns).CopyTo(new Span<T>(y, columns));
    }
}
