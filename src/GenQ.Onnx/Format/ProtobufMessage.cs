using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace GenQ.Onnx;

/// <summary>Puts one protocol buffers message together, field by field: all that an ONNX file needs.</summary>
internal sealed class ProtobufMessage
{
    private const int Varint = 0, LengthDelimited = 2, FourBytes = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Adds a whole number or a choice.</summary>
    public ProtobufMessage Add(int field, long value)
    {
        WriteTag(field, Varint);
        WriteVarint((ulong)value);
        return this;
    }

    /// <summary>Adds a number of 32 bits.</summary>
    public ProtobufMessage Add(int field, float value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        WriteTag(field, FourBytes);
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>Adds a text.</summary>
    public ProtobufMessage Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a message within this one, as it is now.</summary>
    public ProtobufMessage Add(int field, ProtobufMessage message) => Add(field, message._bytes.WrittenSpan);

    /// <summary>Adds bytes.</summary>
    public ProtobufMessage Add(int field, ReadOnlySpan<byte> bytes)
    {
        WriteTag(field, LengthDelimited);
        WriteVarint((ulong)bytes.Length);
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>Writes the message.</summary>
    public void WriteTo(Stream stream) => stream.Write(_bytes.WrittenSpan);

    private void WriteTag(int field, int wireType) => WriteVarint((ulong)(field << 3 | wireType));

    // Seven bits a byte, the lowest first; the eighth says that more follow.
    private void WriteVarint(ulong value)
    {
        for (; value > 0x7F; value >>= 7) _bytes.Write([(byte)(value | 0x80)]);
        _bytes.Write([(byte)value]);
    }
}
