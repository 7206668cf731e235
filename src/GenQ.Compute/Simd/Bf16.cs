namespace GenQ.Compute;

/// <summary>A 16-bit brain float as it lies in memory: the upper half of an fp32 number.</summary>
/// <param name="Bits">Sign, 8 bits of exponent, 7 bits of fraction.</param>
internal readonly record struct Bf16(ushort Bits)
{
    /// <summary>Rounds to the nearest, ties to even, as processors and libtorch do. Not made for NaN.</summary>
    public static explicit operator Bf16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return new((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>Widens without loss.</summary>
    public static implicit operator float(Bf16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);
}
