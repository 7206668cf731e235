namespace GenQ.Compute;

/// <summary>Moves rows of the packed matrix to the matrices of the heads and back, with what can be done on the way.</summary>
internal static unsafe class HeadsKernel
{
    /// <summary>Cuts a group's rows into heads: (x + bias) · scale.</summary>
    /// <param name="layout">The group.</param>
    /// <param name="packed">The packed matrix from its first row's first column that is wanted.</param>
    /// <param name="stride">Columns from one packed row to the next.</param>
    /// <param name="bias">(width), or null.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="heads">(sequences · heads, length, head's width): all of it is written.</param>
    public static void Split<T>(AttentionLayout layout, T* packed, int stride, float* bias, float scale, T* heads)
        where T : unmanaged
    {
        switch (Registers.For(layout.HeadWidth))
        {
            case 16: Split<Lanes512, T>(layout, packed, stride, bias, scale, heads); break;
            case 8: Split<Lanes256, T>(layout, packed, stride, bias, scale, heads); break;
            default: Split<Lanes1, T>(layout, packed, stride, bias, scale, heads); break;
        }
    }

    /// <summary>Puts a group's heads back into its rows: x · scale.</summary>
    /// <param name="layout">The group.</param>
    /// <param name="heads">(sequences · heads, length, head's width).</param>
    /// <param name="scale">The factor.</param>
    /// <param name="packed">The packed matrix from the first row's first column that is written.</param>
    /// <param name="stride">Columns from one packed row to the next.</param>
    /// <param name="sums">(width): the sums of the columns that were written are added to it; may be null.</param>
    public static void Join<T>(AttentionLayout layout, T* heads, float scale, T* packed, int stride, float* sums)
        where T : unmanaged
    {
        switch (Registers.For(layout.HeadWidth))
        {
            case 16: Join<Lanes512, T>(layout, heads, scale, packed, stride, sums); break;
            case 8: Join<Lanes256, T>(layout, heads, scale, packed, stride, sums); break;
            default: Join<Lanes1, T>(layout, heads, scale, packed, stride, sums); break;
        }
    }

    private static void Split<TLanes, T>(AttentionLayout layout, T* packed, int stride, float* bias, float scale, T* heads)
        where TLanes : struct, ILanes<TLanes>
        where T : unmanaged
        => ParallelRanges.For(layout.Count * layout.Heads, layout.Heads, layout.Length * layout.HeadWidth, (sequence, first, end) =>
        {
            int width = layout.HeadWidth, rows = layout.Lengths[sequence];
            TLanes factor = TLanes.All(scale);
            for (int matrix = first; matrix < end; matrix++)
            {
                int column = (matrix - first) * width;
                T* to = heads + (long)matrix * layout.Length * width;
                for (int row = 0; row < rows; row++, to += width)
                {
                    T* from = packed + (long)(layout.Starts[sequence] + row) * stride + column;
                    for (int j = 0; j < width; j += TLanes.Count)
                    {
                        TLanes x = TLanes.Load(from + j);
                        if (bias != null) x += TLanes.Load(bias + column + j);
                        (x * factor).Store(to + j);
                    }
                }

                new Span<T>(to, (layout.Length - rows) * width).Clear();
            }
        });

    // By head: its sums belong to one thread alone, which meets the sequences in order.
    private static void Join<TLanes, T>(AttentionLayout layout, T* heads, float scale, T* packed, int stride, float* sums)
        where TLanes : struct, ILanes<TLanes>
        where T : unmanaged
        => ParallelRanges.For(layout.Heads, 1, (long)layout.Count * layout.Length * layout.HeadWidth, (head, _, _) =>
        {
            int width = layout.HeadWidth, column = head * width;
            TLanes factor = TLanes.All(scale);
            for (int sequence = 0; sequence < layout.Count; sequence++)
            {
                T* from = heads + ((long)sequence * layout.Heads + head) * layout.Length * width;
                for (int row = 0; row < layout.Lengths[sequence]; row++, from += width)
                {
                    T* to = packed + (long)(layout.Starts[sequence] + row) * stride + column;
                    for (int j = 0; j < width; j += TLanes.Count)
                    {
                        TLanes x = TLanes.Load(from + j) * factor;
                        x.Store(to + j);
                        if (sums != null) (TLanes.Load(sums + column + j) + x).Store(sums + column + j);
                    }
                }
            }
        });
}
