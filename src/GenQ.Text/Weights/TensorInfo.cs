namespace GenQ.Text;

/// <summary>What a weight file says about one of its tensors.</summary>
/// <param name="Name">The name in the file, for example <c>encoder.layer.0.output.dense.weight</c>.</param>
/// <param name="Type">The type of the stored numbers.</param>
/// <param name="Shape">The lengths of the dimensions; empty for a single number.</param>
public sealed record TensorInfo(string Name, NumberType Type, IReadOnlyList<long> Shape)
{
    /// <summary>The bytes of all numbers.</summary>
    public long ByteCount => SizeOf(Type) * Shape.Aggregate(1L, (count, length) => checked(count * length));

    /// <summary>The bytes of one number of a type.</summary>
    public static int SizeOf(NumberType type) => type switch
    {
        NumberType.U8 or NumberType.I8 or NumberType.Bool => 1,
        NumberType.I16 or NumberType.F16 or NumberType.BF16 => 2,
        NumberType.I32 or NumberType.F32 => 4,
        NumberType.I64 or NumberType.F64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Weight files hold no such type."),
    };
}
