using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GenQ.Compute;

/// <summary>8 numbers in a register of AVX2.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Lanes256>
{
    private readonly Vector256<float> _value;

    private Lanes256(Vector256<float> value) => _value = value;

    /// <inheritdoc/>
    public static int Count => 8;

    /// <inheritdoc/>
    public static Lanes256 All(float value) => new(Vector256.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load<T>(T* from)
        where T : unmanaged
        => typeof(T) == typeof(float) ? new(Vector256.Load((float*)from))
            : typeof(T) == typeof(int) ? new(Vector256.ConvertToSingle(Vector256.Load((int*)from)))
            : new((Avx2.ConvertToVector256Int32(Vector128.Load((ushort*)from)) << 16).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c)
        => new(Vector256.FusedMultiplyAdd(a._value, b._value, c._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 a, Lanes256 b) => new(Vector256.MaxNative(a._value, b._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Abs(Lanes256 a) => new(Vector256.Abs(a._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SquareRoot(Lanes256 a) => new(Vector256.Sqrt(a._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Round(Lanes256 a) => new(Vector256.Round(a._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Scale(Lanes256 a, Lanes256 whole)
    {
        Vector256<float> power = ((Vector256.ConvertToInt32Native(whole._value) + Vector256.Create(127)) << 23).AsSingle();
        return new(Vector256.ConditionalSelect(Vector256.LessThan(whole._value, Vector256.Create(-126f)), Vector256<float>.Zero, a._value * power));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 BySign(Lanes256 a, Lanes256 negative, Lanes256 positive)
        => new(Vector256.ConditionalSelect(Vector256.LessThan(a._value, Vector256<float>.Zero), negative._value, positive._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Dropout(in DropoutMask mask, uint first)
    {
        Vector256<uint> x = (Vector256.Create(first) + Vector256.Create(0u, 1u, 2u, 3u, 4u, 5u, 6u, 7u)) ^ Vector256.Create(mask.Key);
        x = (x ^ (x >>> 16)) * Vector256.Create(DropoutMask.Factor1);
        x = (x ^ (x >>> 15)) * Vector256.Create(DropoutMask.Factor2);
        x ^= x >>> 16;
        Vector256<uint> kept = Vector256.GreaterThanOrEqual(x, Vector256.Create(mask.Threshold));
        return new(Vector256.ConditionalSelect(kept.AsSingle(), Vector256.Create(mask.Scale), Vector256<float>.Zero));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a._value + b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a._value - b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a._value * b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 a, Lanes256 b) => new(a._value / b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<T>(T* to)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            _value.Store((float*)to);
            return;
        }

        if (typeof(T) == typeof(sbyte))
        {
            Vector256<int> whole = Vector256.ConvertToInt32Native(_value);
            Vector128<short> halves = Vector128.Narrow(whole.GetLower(), whole.GetUpper());
            Vector128.Narrow(halves, halves).GetLower().Store((sbyte*)to);
            return;
        }

        // Round to the nearest, ties to even, then the upper halves.
        Vector256<uint> bits = _value.AsUInt32();
        bits = (bits + Vector256.Create(0x7FFFu) + ((bits >>> 16) & Vector256.Create(1u))) >>> 16;
        Vector128.Narrow(bits.GetLower(), bits.GetUpper()).Store((ushort*)to);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => Vector256.Sum(_value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Greatest()
    {
        Vector128<float> greatest = Vector128.MaxNative(_value.GetLower(), _value.GetUpper());
        greatest = Vector128.MaxNative(greatest, Vector128.Shuffle(greatest, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(greatest[0], greatest[1]);
    }
}
