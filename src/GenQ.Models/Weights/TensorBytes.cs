using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>Moves the raw bytes of tensors, also of those beyond the 2 GiB that one span can hold.</summary>
internal static class TensorBytes
{
    private const long ChunkElements = 1 << 26;

    internal delegate void Fill(Span<byte> bytes, long offset);

    /// <summary>The bytes of one number of a type.</summary>
    internal static int SizeOf(ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Weight files hold no such type."),
    };

    /// <summary>Creates a CPU tensor whose bytes <paramref name="fill"/> supplies in one or more pieces, in order.</summary>
    internal static Tensor Create(IReadOnlyList<long> shape, ScalarType type, Fill fill)
    {
        using var scope = NewDisposeScope();
        Tensor tensor = empty([.. shape], type, CPU);
        Visit(tensor, fill);
        return tensor.MoveToOuterDisposeScope();
    }

    /// <summary>Writes a tensor's numbers row by row, little-endian, whatever its device and strides.</summary>
    internal static void Write(Tensor tensor, Stream stream)
    {
        using var scope = NewDisposeScope();
        Visit(tensor.detach().cpu().contiguous(), (bytes, _) => stream.Write(bytes));
    }

    private static void Visit(Tensor contiguous, Fill visit)
    {
        long count = contiguous.numel();
        if (count == 0) return;
        using Tensor flat = contiguous.view(-1);
        for (long start = 0; start < count; start += ChunkElements)
        {
            using Tensor chunk = flat.narrow(0, start, Math.Min(ChunkElements, count - start));
            visit(chunk.bytes, start * contiguous.ElementSize);
        }
    }
}
