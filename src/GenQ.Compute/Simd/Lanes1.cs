using System.Runtime.CompilerServices;

namespace GenQ.Compute;

/// <summary>One number: for processors without AVX2, and for widths that fill no register.</summary>
internal readonly unsafe struct Lanes1 : ILanes<Lanes1>
{
    private readonly float _value;

    private Lanes1(float value) => _value = value;

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    public static Lanes1 All(float value) => new(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Load<T>(T* from)
        where T : unmanaged
        => new(typeof(T) == typeof(float) ? *(float*)from : typeof(T) == typeof(int) ? *(int*)from : *(Bf16*)from);

    /// <inheritdoc/>
    public static Lanes1 MultiplyAdd(Lanes1 a, Lanes1 b, Lanes1 c) => new(a._value * b._value + c._value);

    /// <inheritdoc/>
    public static Lanes1 Max(Lanes1 a, Lanes1 b) => new(a._value > b._value ? a._value : b._value);

    /// <inheritdoc/>
    public static Lanes1 Abs(Lanes1 a) => new(MathF.Abs(a._value));

    /// <inheritdoc/>
    public static Lanes1 SquareRoot(Lanes1 a) => new(MathF.Sqrt(a._value));

    /// <inheritdoc/>
    public static Lanes1 Round(Lanes1 a) => new(MathF.Round(a._value));

    /// <inheritdoc/>
    public static Lanes1 Scale(Lanes1 a, Lanes1 whole)
        => new(whole._value < -126 ? 0 : a._value * BitConverter.Int32BitsToSingle(((int)whole._value + 127) << 23));

    /// <inheritdoc/>
    public static Lanes1 BySign(Lanes1 a, Lanes1 negative, Lanes1 positive) => a._value < 0 ? negative : positive;

    /// <inheritdoc/>
    public static Lanes1 Dropout(in DropoutMask mask, uint first)
    {
        uint x = first ^ mask.Key;
        x = (x ^ (x >> 16)) * DropoutMask.Factor1;
        x = (x ^ (x >> 15)) * DropoutMask.Factor2;
        x ^= x >> 16;
        return new(x >= mask.Threshold ? mask.Scale : 0);
    }

    /// <inheritdoc/>
    public static Lanes1 operator +(Lanes1 a, Lanes1 b) => new(a._value + b._value);

    /// <inheritdoc/>
    public static Lanes1 operator -(Lanes1 a, Lanes1 b) => new(a._value - b._value);

    /// <inheritdoc/>
    public static Lanes1 operator *(Lanes1 a, Lanes1 b) => new(a._value * b._value);

    /// <inheritdoc/>
    public static Lanes1 operator /(Lanes1 a, Lanes1 b) => new(a._value / b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<T>(T* to)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) *(float*)to = _value;
        else if (typeof(T) == typeof(sbyte)) *(sbyte*)to = (sbyte)_value;
        else *(Bf16*)to = (Bf16)_value;
    }

    /// <inheritdoc/>
    public float Sum() => _value;

    /// <inheritdoc/>
    public float Greatest() => _value;
}
