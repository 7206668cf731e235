using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GenQ.Compute;

/// <summary>16 numbers in a register of AVX-512.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Lanes512>
{
    private readonly Vector512<float> _value;

    private Lanes512(Vector512<float> value) => _value = value;

    /// <inheritdoc/>
    public static int Count => 16;

    /// <inheritdoc/>
    public static Lanes512 All(float value) => new(Vector512.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load<T>(T* from)
        where T : unmanaged
        => typeof(T) == typeof(float) ? new(Vector512.Load((float*)from))
            : typeof(T) == typeof(int) ? new(Vector512.ConvertToSingle(Vector512.Load((int*)from)))
            : new((Avx512F.ConvertToVector512UInt32(Vector256.Load((ushort*)from)) << 16).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c)
        => new(Vector512.FusedMultiplyAdd(a._value, b._value, c._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Vector512.MaxNative(a._value, b._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Abs(Lanes512 a) => new(Vector512.Abs(a._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SquareRoot(Lanes512 a) => new(Vector512.Sqrt(a._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Round(Lanes512 a) => new(Vector512.Round(a._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Scale(Lanes512 a, Lanes512 whole) => new(Avx512F.Scale(a._value, whole._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 BySign(Lanes512 a, Lanes512 negative, Lanes512 positive)
        => new(Vector512.ConditionalSelect(Vector512.LessThan(a._value, Vector512<float>.Zero), negative._value, positive._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Dropout(in DropoutMask mask, uint first)
    {
        Vector512<uint> x = (Vector512.Create(first) + Vector512.Create(0u, 1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u, 9u, 10u, 11u, 12u, 13u, 14u, 15u)) ^ Vector512.Create(mask.Key);
        x = (x ^ (x >>> 16)) * Vector512.Create(DropoutMask.Factor1);
        x = (x ^ (x >>> 15)) * Vector512.Create(DropoutMask.Factor2);
        x ^= x >>> 16;
        Vector512<uint> kept = Vector512.GreaterThanOrEqual(x, Vector512.Create(mask.Threshold));
        return new(Vector512.ConditionalSelect(kept.AsSingle(), Vector512.Create(mask.Scale), Vector512<float>.Zero));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a._value + b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a._value - b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a._value * b._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 a, Lanes512 b) => new(a._value / b._value);

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
            Avx512F.ConvertToVector128SByte(Vector512.ConvertToInt32Native(_value)).Store((sbyte*)to);
            return;
        }

        // Round to the nearest, ties to even, then the upper halves.
        Vector512<uint> bits = _value.AsUInt32();
        bits = (bits + Vector512.Create(0x7FFFu) + ((bits >>> 16) & Vector512.Create(1u))) >>> 16;
        Avx512F.ConvertToVector256UInt16(bits).Store((ushort*)to);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => Vector512.Sum(_value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Greatest()
    {
        Vector256<float> halves = Vector256.MaxNative(_value.GetLower(), _value.GetUpper());
        Vector128<float> greatest = Vector128.MaxNative(halves.GetLower(), halves.GetUpper());
        greatest = Vector128.MaxNative(greatest, Vector128.Shuffle(greatest, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(greatest[0], greatest[1]);
    }
}
