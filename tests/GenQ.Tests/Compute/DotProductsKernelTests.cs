using GenQ.Compute;

namespace GenQ.Tests.Compute;

[Collection(TorchRandomCollection.Name)]
public sealed unsafe class DotProductsKernelTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    [InlineData(1)]
    public void Every_row_meets_every_vector(int lanes)
    {
        // Numbers of rows and vectors that fill tiles, and one and two more.
        foreach ((int rows, int count, int width) in ((int, int, int)[])[(8, 4, 32), (9, 5, 48), (3, 1, 16), (6, 3, 7), (0, 2, 16)])
        {
            float[] products = Products(lanes, rows, count, width);
            for (int vector = 0; vector < count; vector++)
            {
                for (int row = 0; row < rows; row++)
                {
                    double expected = Enumerable.Range(0, width).Sum(j => (double)Matrix(row * width + j) * Matrix(1000 + vector * width + j));
                    Assert.Equal(expected, products[vector * rows + row], 1e-5);
                }
            }
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    [InlineData(1)]
    public void A_vector_gets_the_same_numbers_alone_and_among_others(int lanes)
        => Assert.Equal(Products(lanes, 7, 1, 64), Products(lanes, 7, 5, 64)[..7]);

    private static float Matrix(int i) => MathF.Sin(i * 1.7f);

    private static float[] Products(int lanes, int rows, int count, int width)
    {
        float[] matrix = [.. Enumerable.Range(0, rows * width).Select(Matrix)], products = new float[rows * count];
        float[] vectors = [.. Enumerable.Range(1000, count * width).Select(Matrix)];
        WidestRegister.Be(lanes, () =>
        {
            fixed (float* m = matrix, v = vectors, p = products) DotProductsKernel.Compute(rows, width, m, count, v, p);
        });
        return products;
    }
}
