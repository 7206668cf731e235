using GenQ.Compute;

namespace GenQ.Tests.Compute;

/// <summary>With the registers of every kind of processor.</summary>
[Collection(TorchRandomCollection.Name)]
public sealed unsafe class Int8QuantizationKernelTests
{
    [Theory]
    [InlineData(16, 32)]
    [InlineData(8, 32)]
    [InlineData(1, 32)]
    [InlineData(16, 5)]
    public void A_row_is_rounded_to_shares_of_its_greatest_number(int lanes, int width)
    {
        float[] x = new float[3 * width];
        for (int j = 0; j < width; j++) (x[j], x[width + j]) = ((j % 5) - 2, 0.01f * ((j % 4) - 1));
        x[1] = -254;
        sbyte[] quantized = new sbyte[x.Length];
        float[] scales = new float[3];
        WidestRegister.Be(lanes, () =>
        {
            fixed (float* from = x, to = scales) fixed (sbyte* whole = quantized) Int8QuantizationKernel.Quantize(3, width, from, whole, to);
        });
        Assert.Equal([2, 0.02f / 127, 0], scales);
        Assert.Equal([-1, -127, 0, 0], quantized[..4].Select(q => (int)q));
        Assert.Equal([-64, 0, 64, 127], quantized[width..(width + 4)].Select(q => (int)q));
        Assert.All(quantized[(2 * width)..], q => Assert.Equal(0, q));
    }

    [Fact]
    public void A_row_can_have_fewer_bits()
    {
        float[] x = [-2, 1, 0.5f, 0], scale = new float[1];
        sbyte[] quantized = new sbyte[x.Length];
        fixed (float* from = x, to = scale) fixed (sbyte* whole = quantized) Int8QuantizationKernel.Quantize(1, x.Length, from, whole, to, largest: 62);
        Assert.Equal([-62, 31, 16, 0], quantized.Select(q => (int)q));
        Assert.Equal(2f / 62, scale[0]);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    [InlineData(1)]
    public void A_sum_is_multiplied_with_the_scales_of_its_row_and_column(int lanes)
    {
        const int Width = 16;
        int[] sums = [.. Enumerable.Range(0, 2 * Width).Select(i => (i - 9) * 1000)];
        float[] rows = [0.5f, 2], columns = [.. Enumerable.Range(0, Width).Select(j => j / 8f)], y = new float[sums.Length];
        Bf16[] rounded = new Bf16[sums.Length];
        WidestRegister.Be(lanes, () =>
        {
            fixed (int* from = sums) fixed (float* r = rows, c = columns, to = y) fixed (Bf16* half = rounded)
            {
                Int8QuantizationKernel.Dequantize(2, Width, from, r, c, to);
                Int8QuantizationKernel.Dequantize(2, Width, from, r, c, half);
            }
        });
        Assert.Equal(sums.Select((sum, i) => sum * (rows[i / Width] * columns[i % Width])), y);
        Assert.Equal(y.Select(value => (Bf16)value), rounded);
    }
}
