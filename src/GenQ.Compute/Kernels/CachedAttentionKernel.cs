namespace GenQ.Compute;

/// <summary>
/// Attention of single queries, each over keys and values of its own: what a decoder does that writes one token of many texts at a time.
/// </summary>
/// <remarks>
/// Keys lie transposed, a row for each column of the heads and a column for each place; values lie as they are, a row for each place. So neither
/// the scores nor the sums need the lanes of a register added up. Numbers are <see cref="float"/> or <see cref="Bf16"/>.
/// </remarks>
internal static unsafe class CachedAttentionKernel
{
    /// <summary>Where one query finds its keys and values.</summary>
    /// <param name="Keys">The first number of the keys, (heads · width, <paramref name="KeyStride"/>).</param>
    /// <param name="KeyStride">
    /// From one row of the keys to the next. Up to <see cref="AttentionLayout.LengthMultiple"/> places behind the last one are read and not used.
    /// </param>
    /// <param name="Values">The first number of the values, (places, heads · width).</param>
    /// <param name="Length">Places that are filled.</param>
    public readonly record struct KeyValueCache(nint Keys, int KeyStride, nint Values, int Length);

    /// <summary>Puts one more key and value of all heads into a cache that has room behind its last place.</summary>
    /// <param name="columns">heads · width.</param>
    /// <param name="key">(columns).</param>
    /// <param name="value">(columns).</param>
    /// <param name="cache">The cache, before it grows.</param>
    /// <returns>The cache with one place more.</returns>
    public static KeyValueCache Append<T>(int columns, T* key, T* value, KeyValueCache cache)
        where T : unmanaged
    {
        T* keys = (T*)cache.Keys + cache.Length;
        for (int j = 0; j < columns; j++) keys[(long)j * cache.KeyStride] = key[j];
        new Span<T>(value, columns).CopyTo(new Span<T>((T*)cache.Values + (long)cache.Length * columns, columns));
        return cache with { Length = cache.Length + 1 };
    }

    /// <summary>Computes what each query gathers.</summary>
    /// <param name="heads">Heads.</param>
    /// <param name="width">Columns of a head.</param>
    /// <param name="queries">(queries, heads · width) with <paramref name="stride"/> columns from one row to the next.</param>
    /// <param name="stride">At least heads · width.</param>
    /// <param name="caches">One for each query.</param>
    /// <param name="bias">(heads, <paramref name="distances"/>): added to the score of a key by its distance from the last place; or null.</param>
    /// <param name="distances">Distances that have a bias, the greatest first.</param>
    /// <param name="output">(queries, heads · width).</param>
    public static void Attend<T>(int heads, int width, T* queries, int stride, KeyValueCache[] caches, float* bias, int distances, T* output)
        where T : unmanaged
    {
        switch (Registers.For(width))
        {
            case 16: Attend<Lanes512, T>(heads, width, queries, stride, caches, bias, distances, output); break;
            case 8: Attend<Lanes256, T>(heads, width, queries, stride, caches, bias, distances, output); break;
            default: Attend<Lanes1, T>(heads, width, queries, stride, caches, bias, distances, output); break;
        }
    }

    private static void Attend<TLanes, T>(int heads, int width, T* queries, int stride, KeyValueCache[] caches, float* bias, int distances, T* output)
        where TLanes : struct, ILanes<TLanes>
        where T : unmanaged
        => ParallelRanges.For(caches.Length, 1, 2L * heads * width * caches.Max(cache => cache.Length), (row, _, _) =>
        {
            KeyValueCache cache = caches[row];
            float* weights = stackalloc float[cache.Length + AttentionLayout.LengthMultiple];
            for (int head = 0; head < heads; head++)
            {
                T* query = queries + (long)row * stride + head * width;
                T* keys = (T*)cache.Keys + (long)head * width * cache.KeyStride, values = (T*)cache.Values + head * width;
                float* shift = bias == null ? null : bias + (long)head * distances + distances - cache.Length;
                int covered = Registers.RoundUp<TLanes>(cache.Length);
                Combine<TLanes, T, T, float>(query, width, keys, cache.KeyStride, covered, weights);
                Weigh<TLanes>(weights, cache.Length, shift);
                Combine<TLanes, float, T, T>(weights, cache.Length, values, heads * width, width, output + ((long)row * heads + head) * width);
            }
        });

    // Scores to weights: their softmax.
    private static void Weigh<TLanes>(float* weights, int length, float* shift)
        where TLanes : struct, ILanes<TLanes>
    {
        if (shift != null)
        {
            for (int j = 0; j < length; j++) weights[j] += shift[j];
        }

        TLanes share = SoftmaxKernel.Exponentiate<TLanes>(weights, length);
        for (int j = 0; j < length; j += TLanes.Count) (TLanes.Load(weights + j) * share).Store(weights + j);
    }

    // sums[j] = the sum over i of factors[i] · matrix[i, j]: a query's scores are sums of the keys' rows, what it gathers is one of the values'.
    private static void Combine<TLanes, TFactor, T, TSum>(TFactor* factors, int rows, T* matrix, int stride, int columns, TSum* sums)
        where TLanes : struct, ILanes<TLanes>
        where TFactor : unmanaged
        where T : unmanaged
        where TSum : unmanaged
    {
        int column = 0;

        // Four sums at a time: one alone would wait for itself at every step.
        for (; column <= columns - 4 * TLanes.Count; column += 4 * TLanes.Count)
        {
            TLanes a = TLanes.All(0), b = a, c = a, d = a;
            T* from = matrix + column;
            for (int i = 0; i < rows; i++, from += stride)
            {
                TLanes factor = TLanes.All(Single(factors[i]));
                a = TLanes.MultiplyAdd(factor, TLanes.Load(from), a);
                b = TLanes.MultiplyAdd(factor, TLanes.Load(from + TLanes.Count), b);
                c = TLanes.MultiplyAdd(factor, TLanes.Load(from + 2 * TLanes.Count), c);
                d = TLanes.MultiplyAdd(factor, TLanes.Load(from + 3 * TLanes.Count), d);
            }

            a.Store(sums + column);
            b.Store(sums + column + TLanes.Count);
            c.Store(sums + column + 2 * TLanes.Count);
            d.Store(sums + column + 3 * TLanes.Count);
        }

        for (; column < columns; column += TLanes.Count)
        {
            TLanes sum = TLanes.All(0);
            T* from = matrix + column;
            for (int i = 0; i < rows; i++, from += stride) sum = TLanes.MultiplyAdd(TLanes.All(Single(factors[i])), TLanes.Load(from), sum);
            sum.Store(sums + column);
        }
    }

    private static float Single<T>(T value)
        where T : unmanaged
        => typeof(T) == typeof(float) ? *(float*)&value : *(Bf16*)&value;
}
