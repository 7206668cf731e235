namespace GenQ.Compute;

/// <summary>The softmax of attention in one pass: over the keys of a sequence alone, with a bias by head and place.</summary>
/// <remarks>
/// Matrices are (sequences · heads, length, length) of <see cref="float"/> or <see cref="Bf16"/>, rows are queries, columns keys. What lies beyond a
/// sequence's end is 0 in all results.
/// </remarks>
internal static unsafe class SoftmaxKernel
{
    /// <summary>Turns scores into weights.</summary>
    /// <param name="layout">The group.</param>
    /// <param name="scores">The scores; become the weights.</param>
    /// <param name="bias">(heads, stride, stride): added to the scores from its upper left corner on; or null.</param>
    /// <param name="stride">Rows and columns of the bias.</param>
    /// <param name="mask">Which weights are dropped.</param>
    /// <param name="dropped">Receives the weights that are left; null where <paramref name="mask"/> is off.</param>
    public static void Forward<T>(AttentionLayout layout, T* scores, float* bias, int stride, in DropoutMask mask, T* dropped)
        where T : unmanaged
    {
        switch (Registers.Widest)
        {
            case 16: Forward<Lanes512, T>(layout, scores, bias, stride, mask, dropped); break;
            case 8: Forward<Lanes256, T>(layout, scores, bias, stride, mask, dropped); break;
            default: Forward<Lanes1, T>(layout, scores, bias, stride, mask, dropped); break;
        }
    }

    /// <summary>Turns a row of scores into the exponentials of their distances from the highest one: times what is returned, their softmax.</summary>
    /// <param name="row">The scores, with room up to the next multiple of the lanes; what is there becomes 0.</param>
    /// <param name="length">How many there are, at least 1.</param>
    /// <returns>1 / sum, in all lanes.</returns>
    public static TLanes Exponentiate<TLanes>(float* row, int length)
        where TLanes : struct, ILanes<TLanes>
    {
        int covered = Registers.RoundUp<TLanes>(length);
        for (int j = length; j < covered; j++) row[j] = float.NegativeInfinity;
        TLanes greatest = TLanes.Load(row);
        for (int j = TLanes.Count; j < covered; j += TLanes.Count) greatest = TLanes.Max(greatest, TLanes.Load(row + j));
        TLanes highest = TLanes.All(greatest.Greatest()), sum = TLanes.All(0);
        for (int j = 0; j < covered; j += TLanes.Count)
        {
            TLanes x = LaneMath.Exp(TLanes.Load(row + j) - highest);
            x.Store(row + j);
            sum += x;
        }

        return TLanes.All(1 / sum.Sum());
    }

    /// <summary>Drops weights once more, as the forward pass did.</summary>
    public static void Drop<T>(AttentionLayout layout, T* weights, in DropoutMask mask, T* dropped)
        where T : unmanaged
    {
        switch (Registers.Widest)
        {
            case 16: Drop<Lanes512, T>(layout, weights, mask, dropped); break;
            case 8: Drop<Lanes256, T>(layout, weights, mask, dropped); break;
            default: Drop<Lanes1, T>(layout, weights, mask, dropped); break;
        }
    }

    /// <summary>Turns the gradient of the weights into that of the scores.</summary>
    /// <param name="layout">The group.</param>
    /// <param name="weights">From the forward pass, before any was dropped.</param>
    /// <param name="gradient">Of the weights that were left; becomes that of the scores.</param>
    /// <param name="biasGradient">(heads, stride, stride): the bias's gradient is added to it; or null.</param>
    /// <param name="stride">Rows and columns of the bias.</param>
    /// <param name="mask">Which weights were dropped.</param>
    public static void Backward<T>(AttentionLayout layout, T* weights, T* gradient, float* biasGradient, int stride, in DropoutMask mask)
        where T : unmanaged
    {
        switch (Registers.Widest)
        {
            case 16: Backward<Lanes512, T>(layout, weights, gradient, biasGradient, stride, mask); break;
            case 8: Backward<Lanes256, T>(layout, weights, gradient, biasGradient, stride, mask); break;
            default: Backward<Lanes1, T>(layout, weights, gradient, biasGradient, stride, mask); break;
        }
    }

    private static void Forward<TLanes, T>(AttentionLayout layout, T* scores, float* bias, int stride, DropoutMask mask, T* dropped)
        where TLanes : struct, ILanes<TLanes>
        where T : unmanaged
        => ParallelRanges.For(layout.Count * layout.Heads, 1, (long)layout.Length * layout.Length, (matrix, _, _) =>
        {
            int length = layout.Length, keys = layout.Lengths[matrix / layout.Heads];
            int covered = Registers.RoundUp<TLanes>(keys);
            float* row = stackalloc float[length];
            for (int query = 0; query < length; query++)
            {
                long first = ((long)matrix * length + query) * length;
                T* weights = scores + first;
                if (query >= keys)
                {
                    new Span<T>(weights, length).Clear();
                    if (dropped != null) new Span<T>(dropped + first, length).Clear();
                    continue;
                }

                float* shift = bias == null ? null : bias + ((long)(matrix % layout.Heads) * stride + query) * stride;
                for (int j = 0; j < covered; j += TLanes.Count)
                {
                    TLanes x = TLanes.Load(weights + j);
                    if (shift != null) x += TLanes.Load(shift + j);
                    x.Store(row + j);
                }

                TLanes share = Exponentiate<TLanes>(row, keys);
                for (int j = 0; j < covered; j += TLanes.Count)
                {
                    TLanes x = TLanes.Load(row + j) * share;
                    x.Store(weights + j);
                    if (dropped != null) (x * TLanes.Dropout(mask, (uint)(first + j))).Store(dropped + first + j);
                }

                new Span<T>(weights + covered, length - covered).Clear();
                if (dropped != null) new Span<T>(dropped + first + covered, length - covered).Clear();
            }
        });

    private static void Drop<TLanes, T>(AttentionLayout layout, T* weights, DropoutMask mask, T* dropped)
        where TLanes : struct, ILanes<TLanes>
        where T : unmanaged
        => ParallelRanges.For(layout.Count * layout.Heads, 1, (long)layout.Length * layout.Length, (matrix, _, _) =>
        {
            long size = (long)layout.Length * layout.Length, first = matrix * size;
            for (long i = first; i < first + size; i += TLanes.Count)
                (TLanes.Load(weights + i) * TLanes.Dropout(mask, (uint)i)).Store(dropped + i);
        });

    // By head: its part of the bias's gradient belongs to one thread alone, which meets the sequences in order.
    private static void Backward<TLanes, T>(AttentionLayout layout, T* weights, T* gradient, float* biasGradient, int stride, DropoutMask mask)
        where TLanes : struct, ILanes<TLanes>
        where T : unmanaged
        => ParallelRanges.For(layout.Heads, 1, (long)layout.Count * layout.Length * layout.Length, (head, _, _) =>
        {
            int length = layout.Length;
            for (int sequence = 0; sequence < layout.Count; sequence++)
            {
                int keys = layout.Lengths[sequence], covered = Registers.RoundUp<TLanes>(keys);
                for (int query = 0; query < length; query++)
                {
                    long first = (((long)sequence * layout.Heads + head) * length + query) * length;
                    T* weight = weights + first, change = gradient + first;
                    if (query >= keys)
                    {
                        new Span<T>(change, length).Clear();
                        continue;
                    }

                    TLanes dot = TLanes.All(0);
                    for (int j = 0; j < covered; j += TLanes.Count)
                    {
                        TLanes x = TLanes.Load(change + j);
                        if (mask.IsOn) x *= TLanes.Dropout(mask, (uint)(first + j));
                        dot = TLanes.MultiplyAdd(x, TLanes.Load(weight + j), dot);
                    }

                    TLanes mean = TLanes.All(dot.Sum());
                    float* sum = biasGradient == null ? null : biasGradient + ((long)head * stride + query) * stride;
                    for (int j = 0; j < covered; j += TLanes.Count)
                    {
                        TLanes x = TLanes.Load(change + j);
                        if (mask.IsOn) x *= TLanes.Dropout(mask, (uint)(first + j));
                        x = TLanes.Load(weight + j) * (x - mean);
                        x.Store(change + j);
                        if (sum != null) (TLanes.Load(sum + j) + x).Store(sum + j);
                    }

                    new Span<T>(change + covered, length - covered).Clear();
                }
            }
        });
}
