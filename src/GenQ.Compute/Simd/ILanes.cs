namespace GenQ.Compute;

/// <summary>
/// fp32 numbers that are computed with side by side: a register of 16 (AVX-512) or 8 (AVX2), or one plain float. A kernel is
/// written once, over <typeparamref name="TSelf"/>; the JIT makes a machine code of its own for each.
/// </summary>
/// <remarks>Memory holds fp32 or bf16 numbers, for matmuls of bytes 8-bit and 32-bit whole ones; arithmetic is fp32 throughout.</remarks>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>How many numbers there are.</summary>
    static abstract int Count { get; }

    /// <summary>The same number in all lanes.</summary>
    static abstract TSelf All(float value);

    /// <summary>Reads <see cref="Count"/> neighbours; <typeparamref name="T"/> is <see cref="float"/>, <see cref="Bf16"/> or <see cref="int"/>.</summary>
    static abstract TSelf Load<T>(T* from)
        where T : unmanaged;

    /// <summary>a · b + c, rounded once where the processor can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The greater of each two.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>Absolute values.</summary>
    static abstract TSelf Abs(TSelf a);

    /// <summary>Square roots.</summary>
    static abstract TSelf SquareRoot(TSelf a);

    /// <summary>The nearest whole numbers.</summary>
    static abstract TSelf Round(TSelf a);

    /// <summary>a · 2 to the power of whole numbers up to 127; 0, or what is left beside it, where they are below −126.</summary>
    static abstract TSelf Scale(TSelf a, TSelf whole);

    /// <summary><paramref name="negative"/> in the lanes where <paramref name="a"/> is below 0, else <paramref name="positive"/>.</summary>
    static abstract TSelf BySign(TSelf a, TSelf negative, TSelf positive);

    /// <summary>Random factors of the elements from number <paramref name="first"/> on; see <see cref="DropoutMask"/>.</summary>
    static abstract TSelf Dropout(in DropoutMask mask, uint first);

    /// <summary>Sums.</summary>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>Differences.</summary>
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>Products.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>Quotients.</summary>
    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>
    /// Writes <see cref="Count"/> neighbours; <typeparamref name="T"/> is <see cref="float"/>, <see cref="Bf16"/>, or <see cref="sbyte"/> for whole numbers of its range.
    /// </summary>
    void Store<T>(T* to)
        where T : unmanaged;

    /// <summary>The sum of the lanes.</summary>
    float Sum();

    /// <summary>The greatest of the lanes.</summary>
    float Greatest();
}
