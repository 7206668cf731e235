using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GenQ.Text;

/// <summary>A tensor in a weight file that is open: its numbers can be read until the enumeration goes on.</summary>
public sealed class StoredTensor
{
    private readonly Action<Action<TakeBytes>> _read;

    /// <summary>Describes a tensor.</summary>
    /// <param name="info">What the file says about it.</param>
    /// <param name="read">Opens the numbers, hands on what takes them, and closes them.</param>
    internal StoredTensor(TensorInfo info, Action<Action<TakeBytes>> read) => (Info, _read) = (info, read);

    /// <summary>Fills a span with the bytes that follow those taken before.</summary>
    internal delegate void TakeBytes(Span<byte> bytes);

    /// <summary>Name, type and shape.</summary>
    public TensorInfo Info { get; }

    /// <summary>Reads the numbers, row by row, little-endian.</summary>
    /// <returns>As many bytes as <see cref="TensorInfo.ByteCount"/> says, which must be below 2 GiB.</returns>
    /// <exception cref="Data.GenQException">The file is cut off or broken.</exception>
    public byte[] ReadBytes()
    {
        byte[] bytes = [];

        // Room is made only once the file has been found to hold so much.
        Read(take =>
        {
            bytes = GC.AllocateUninitializedArray<byte>(checked((int)Info.ByteCount));
            take(bytes);
        });
        return bytes;
    }

    /// <summary>Reads the numbers of a floating-point tensor as fp32, row by row.</summary>
    /// <exception cref="Data.GenQException">The file is cut off or broken.</exception>
    internal float[] ReadSingles()
    {
        ReadOnlySpan<byte> bytes = ReadBytes();
        int size = TensorInfo.SizeOf(Info.Type);
        float[] numbers = new float[bytes.Length / size];
        if (Info.Type == NumberType.F32)
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(numbers.AsSpan()));
            return numbers;
        }

        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<byte> number = bytes.Slice(i * size, size);
            numbers[i] = Info.Type switch
            {
                NumberType.F16 => (float)BinaryPrimitives.ReadHalfLittleEndian(number),
                NumberType.BF16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(number) << 16),
                NumberType.F64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(number),
                _ => throw new InvalidOperationException($"'{Info.Name}' holds {Info.Type}, which are not floating-point numbers."),
            };
        }

        return numbers;
    }

    /// <summary>Reads the numbers to wherever they go, in pieces of any size, from the first to the last: no copy is made on the way.</summary>
    internal void Read(Action<TakeBytes> use) => _read(use);
}
