using GenQ.Onnx;
using GenQ.Text;

namespace GenQ.Tests.Onnx;

public sealed class ProtobufMessageTests
{
    // The first two are examples of the encoding's own documentation.
    [Fact]
    public void Fields_are_encoded_as_the_format_says()
    {
        Assert.Equal("089601", Hex(new ProtobufMessage().Add(1, 150)));
        Assert.Equal("120774657374696E67", Hex(new ProtobufMessage().Add(2, "testing")));
        Assert.Equal("1A03089601", Hex(new ProtobufMessage().Add(3, new ProtobufMessage().Add(1, 150))));
        Assert.Equal("1500004040", Hex(new ProtobufMessage().Add(2, 3f)));
        Assert.Equal("A20102FF00", Hex(new ProtobufMessage().Add(20, [0xFF, 0x00])));
        Assert.Equal("08FFFFFFFFFFFFFFFFFF01", Hex(new ProtobufMessage().Add(1, -1)));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        ProtobufReader reader = new(Bytes(new ProtobufMessage().Add(1, 0).Add(2, "").Add(900, long.MaxValue)));
        Assert.True(reader.Read());
        Assert.Equal((1, 0ul), (reader.Field, reader.Value));
        Assert.True(reader.Read());
        Assert.Equal((2, 0), (reader.Field, reader.Bytes.Length));
        Assert.True(reader.Read());
        Assert.Equal((900, (ulong)long.MaxValue), (reader.Field, reader.Value));
        Assert.False(reader.Read());
    }

    private static byte[] Bytes(ProtobufMessage message)
    {
        using MemoryStream stream = new();
        message.WriteTo(stream);
        return stream.ToArray();
    }

    private static string Hex(ProtobufMessage message) => Convert.ToHexString(Bytes(message));
}
