using GenQ.Compute;

namespace GenQ.Tests.Compute;

/// <summary>On any processor with AVX2, also where GenQ multiplies otherwise.</summary>
public sealed unsafe class Int8MatMulKernelTests
{
    [Theory]
    [InlineData(1, 16, 4)]
    [InlineData(3, 5, 8)]
    [InlineData(4, 40, 100)]
    [InlineData(131, 150, 12)]
    public void Sums_are_those_of_whole_numbers_and_are_scaled_by_row_and_column(int rows, int columns, int width)
    {
        Assert.SkipUnless(Int8MatMulKernel.CanMultiply(width), "this processor has no AVX2");
        sbyte[] x = [.. Enumerable.Range(0, rows * width).Select(i => (sbyte)(i * 37 % 255 - 127))];
        sbyte[] weight = [.. Enumerable.Range(0, columns * width).Select(i => (sbyte)(i * 29 % 127 - 63))];
        float[] rowScales = [.. Enumerable.Range(1, rows).Select(i => i / 8f)], columnScales = [.. Enumerable.Range(1, columns).Select(i => i / 4f)];

        float[] expected = new float[rows * columns];
        for (int i = 0; i < expected.Length; i++)
        {
            int row = i / columns, column = i % columns;
            int sum = Enumerable.Range(0, width).Sum(k => x[row * width + k] * weight[column * width + k]);
            expected[i] = sum * (rowScales[row] * columnScales[column]);
        }

        Assert.Equal(expected, Multiply<float>(rows, columns, width, x, weight, rowScales, columnScales));
        Assert.Equal(expected.Select(value => (Bf16)value), Multiply<Bf16>(rows, columns, width, x, weight, rowScales, columnScales));
    }

    [Theory]
    [InlineData(127)]
    [InlineData(-127)]
    public void The_greatest_numbers_do_not_overflow(sbyte greatest)
    {
        const int Width = 64;
        Assert.SkipUnless(Int8MatMulKernel.CanMultiply(Width), "this processor has no AVX2");
        sbyte[] x = new sbyte[Width], weight = new sbyte[Width];
        Array.Fill(x, greatest);
        Array.Fill(weight, (sbyte)Int8MatMulKernel.LargestWeight);
        Assert.Equal([Width * greatest * 63f], Multiply<float>(1, 1, Width, x, weight, [1], [1]));
    }

    [Fact]
    public void Widths_that_are_not_whole_fours_are_left_to_others() => Assert.False(Int8MatMulKernel.CanMultiply(6));

    private static T[] Multiply<T>(int rows, int columns, int width, sbyte[] x, sbyte[] weight, float[] rowScales, float[] columnScales)
        where T : unmanaged
    {
        int padded = Int8MatMulKernel.RoundUp(columns);
        sbyte[] overwritten = [.. x], panels = new sbyte[padded * width];
        int[] starts = new int[padded];
        float[] paddedScales = [.. columnScales, .. new float[padded - columns]];
        T[] y = new T[rows * columns];
        fixed (sbyte* from = overwritten, w = weight, p = panels)
        fixed (int* s = starts)
        fixed (float* r = rowScales, c = paddedScales)
        fixed (T* to = y)
        {
            Int8MatMulKernel.Pack(columns, width, w, p, s);
            Int8MatMulKernel.Multiply(rows, columns, width, from, r, p, s, c, to);
        }

        return y;
    }
}
