namespace GenQ.Compute;

/// <summary>All dot products of the rows of two matrices, on one thread.</summary>
/// <remarks>
/// Four rows meet two vectors at a time: eight sums need six loads, and so many stay in registers on any processor. Every product is
/// summed in the same order wherever it lies in the tile, so a vector gets the same numbers alone and among others.
/// </remarks>
internal static unsafe class DotProductsKernel
{
    private const int TileRows = 4;

    /// <summary>products[v, r] = vectors[v] · matrix[r].</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="width">Columns of both.</param>
    /// <param name="matrix">(rows, width).</param>
    /// <param name="count">How many vectors.</param>
    /// <param name="vectors">(count, width).</param>
    /// <param name="products">(count, rows).</param>
    public static void Compute(int rows, int width, float* matrix, int count, float* vectors, float* products)
    {
        switch (Registers.For(width))
        {
            case 16: Compute<Lanes512>(rows, width, matrix, count, vectors, products); break;
            case 8: Compute<Lanes256>(rows, width, matrix, count, vectors, products); break;
            default: Compute<Lanes1>(rows, width, matrix, count, vectors, products); break;
        }
    }

    // The four rows stay in the first-level cache while all vectors pass.
    private static void Compute<TLanes>(int rows, int width, float* matrix, int count, float* vectors, float* products)
        where TLanes : struct, ILanes<TLanes>
    {
        int row = 0;
        for (; row + TileRows <= rows; row += TileRows)
        {
            float* first = matrix + (long)row * width;
            int vector = 0;
            for (; vector + 2 <= count; vector += 2)
                Tile<TLanes>(width, first, vectors + (long)vector * width, products + (long)vector * rows + row, rows);
            if (vector < count) Tile<TLanes>(width, first, vectors + (long)vector * width, products + (long)vector * rows + row);
        }

        for (; row < rows; row++)
        {
            for (int vector = 0; vector < count; vector++)
                products[(long)vector * rows + row] = Dot<TLanes>(width, matrix + (long)row * width, vectors + (long)vector * width);
        }
    }

    // Four rows, two vectors.
    private static void Tile<TLanes>(int width, float* row, float* vector, float* products, int stride)
        where TLanes : struct, ILanes<TLanes>
    {
        float* row1 = row + width, row2 = row1 + width, row3 = row2 + width, other = vector + width;
        TLanes s00 = TLanes.All(0), s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        for (int j = 0; j < width; j += TLanes.Count)
        {
            TLanes v0 = TLanes.Load(vector + j), v1 = TLanes.Load(other + j), x = TLanes.Load(row + j);
            (s00, s10) = (TLanes.MultiplyAdd(x, v0, s00), TLanes.MultiplyAdd(x, v1, s10));
            x = TLanes.Load(row1 + j);
            (s01, s11) = (TLanes.MultiplyAdd(x, v0, s01), TLanes.MultiplyAdd(x, v1, s11));
            x = TLanes.Load(row2 + j);
            (s02, s12) = (TLanes.MultiplyAdd(x, v0, s02), TLanes.MultiplyAdd(x, v1, s12));
            x = TLanes.Load(row3 + j);
            (s03, s13) = (TLanes.MultiplyAdd(x, v0, s03), TLanes.MultiplyAdd(x, v1, s13));
        }

        (products[0], products[1], products[2], products[3]) = (s00.Sum(), s01.Sum(), s02.Sum(), s03.Sum());
        products += stride;
        (products[0], products[1], products[2], products[3]) = (s10.Sum(), s11.Sum(), s12.Sum(), s13.Sum());
    }

    // Four rows, one vector.
    private static void Tile<TLanes>(int width, float* row, float* vector, float* products)
        where TLanes : struct, ILanes<TLanes>
    {
        float* row1 = row + width, row2 = row1 + width, row3 = row2 + width;
        TLanes s0 = TLanes.All(0), s1 = s0, s2 = s0, s3 = s0;
        for (int j = 0; j < width; j += TLanes.Count)
        {
            TLanes v = TLanes.Load(vector + j);
            s0 = TLanes.MultiplyAdd(TLanes.Load(row + j), v, s0);
            s1 = TLanes.MultiplyAdd(TLanes.Load(row1 + j), v, s1);
            s2 = TLanes.MultiplyAdd(TLanes.Load(row2 + j), v, s2);
            s3 = TLanes.MultiplyAdd(TLanes.Load(row3 + j), v, s3);
        }

        (products[0], products[1], products[2], products[3]) = (s0.Sum(), s1.Sum(), s2.Sum(), s3.Sum());
    }

    private static float Dot<TLanes>(int width, float* row, float* vector)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes sum = TLanes.All(0);
        for (int j = 0; j < width; j += TLanes.Count) sum = TLanes.MultiplyAdd(TLanes.Load(row + j), TLanes.Load(vector + j), sum);
        return sum.Sum();
    }
}
