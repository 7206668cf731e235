using System.Buffers.Binary;

namespace GenQ.Text;

/// <summary>Reads the fields of one protocol buffers message, in file order: all that a SentencePiece model needs.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the field just read.</summary>
    public int Field { get; private set; }

    /// <summary>The value of a varint, 32 or 64 bit field.</summary>
    public ulong Value { get; private set; }

    /// <summary>The content of a length-delimited field: text, bytes or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public readonly int Int32 => (int)Value;

    public readonly bool Boolean => Value != 0;

    public readonly float Single => BitConverter.UInt32BitsToSingle((uint)Value);

    /// <summary>Goes to the next field; false at the end of the message.</summary>
    /// <exception cref="InvalidDataException">The bytes end within a field or are no message.</exception>
    public bool Read()
    {
        if (_rest.IsEmpty) return false;
        ulong tag = ReadVarint();
        Field = (int)(tag >> 3);
        Value = 0;
        Bytes = default;
        switch (tag & 7)
        {
            case 0: Value = ReadVarint(); break;
            case 1: Value = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;
            case 2: Bytes = Take(ReadVarint()); break;
            case 5: Value = BinaryPrimitives.ReadUInt32LittleEndian(Take(4)); break;
            default: throw new InvalidDataException($"field {Field} has the wire type {tag & 7}, which protocol buffers lack.");
        }

        return true;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw new InvalidDataException("a number is longer than ten bytes.");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length) throw new InvalidDataException("the file ends too early.");
        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
