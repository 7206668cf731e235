using System.Buffers.Binary;
using System.Text;
using GenQ.Data;
using GenQ.Text;

namespace GenQ.Tests.Weights;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_header_gives_names_types_and_shapes()
    {
        SafeTensorsHeader header = SafeTensors.ReadHeader(Shared.Golden("checkpoints", "t5-tiny", "model.safetensors"));
        Assert.Equal("pt", header.Metadata["format"]);
        TensorInfo embedding = Assert.Single(header.Tensors, tensor => tensor.Name == "shared.weight");
        Assert.Equal(NumberType.F32, embedding.Type);
        Assert.Equal(2, embedding.Shape.Count);
    }

    [Fact]
    public void Numbers_come_back_as_they_were_written()
    {
        SafeTensors.Write(_folder["a.safetensors"], [Content("x", NumberType.I16, 1, 2, 3, 4), Content("y", NumberType.I8, 5), Content("none", NumberType.I8)]);
        Dictionary<string, byte[]> read = SafeTensors.Enumerate(_folder["a.safetensors"]).ToDictionary(stored => stored.Info.Name, stored => stored.ReadBytes());
        Assert.Equal([1, 2, 3, 4], read["x"]);
        Assert.Equal([5], read["y"]);
        Assert.Empty(read["none"]);
    }

    [Fact]
    public void A_tensor_that_writes_more_than_it_said_is_refused()
    {
        TensorContent content = new(new TensorInfo("x", NumberType.I8, [1]), stream => stream.Write([1, 2]));
        Assert.Contains("'x' should have written 1 bytes: 1 more", Assert.Throws<ArgumentException>(() => SafeTensors.Write(_folder["a.safetensors"], [content])).Message);
        Assert.False(File.Exists(_folder["a.safetensors"]));
    }

    [Fact]
    public void The_file_has_the_layout_that_other_readers_expect()
    {
        Dictionary<string, string> metadata = new() { ["format"] = "pt", ["by"] = "GenQ <é>" };
        SafeTensors.Write(
            _folder["a.safetensors"],
            [Content("b", NumberType.F32, 0, 0, 128, 63), Content("c", NumberType.I8, 1), Content("a", NumberType.F32, 0, 0, 128, 63)], metadata);
        byte[] bytes = File.ReadAllBytes(_folder["a.safetensors"]);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(
            """{"__metadata__":{"by":"GenQ <é>","format":"pt"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"""
            + ""","b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"c":{"dtype":"I8","shape":[1],"data_offsets":[8,9]}}""",
            Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal(8 + length + 9, bytes.Length);
        Assert.Equal("GenQ <é>", SafeTensors.ReadHeader(_folder["a.safetensors"]).Metadata["by"]);
        Assert.Equal([_folder["a.safetensors"]], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", 8, "not valid JSON")]
    [InlineData("""[1]""", 0, "a JSON object, got Array")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2]}}""", 8, "'x' should have dtype")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "'x' should have dtype")]
    [InlineData("""{"x":{"dtype":"F4","shape":[2],"data_offsets":[0,8]}}""", 8, "stores 'x' as F4, expected one of F64, F32")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "'x' of F32 [3] should take 12 bytes, got 8")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "bytes, got 0")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "start at 8 and end before, at 0")]
    [InlineData(
        """{"x":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12,
        "should start at 0, where the tensor before ends, got 4: the tensors leave a gap")]
    [InlineData(
        """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12,
        "'y' should start at 8, where the tensor before ends, got 4: the tensors overlap")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "'x' should end at 8, but the file holds 7 bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "take 8 bytes, but 9 bytes follow")]
    [InlineData(
        """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8,
        "not valid JSON")]
    [InlineData("""{"__metadata__":{"epoch":1}}""", 0, "'__metadata__' should hold texts")]
    public void A_broken_header_is_refused_with_its_reason(string header, int dataLength, string reason)
    {
        WriteRaw(Encoding.UTF8.GetByteCount(header), header, dataLength);
        AssertRefused(reason);
    }

    [Theory]
    [InlineData(1000, "its header should be 1000 bytes long, but only 2 bytes follow")]
    [InlineData(-1, "its header should be 18446744073709551615 bytes long, but only 2 bytes follow")]
    public void A_header_longer_than_the_file_is_refused(long length, string reason)
    {
        WriteRaw(length, "{}", 0);
        AssertRefused(reason);
    }

    [Fact]
    public void A_file_too_short_for_a_header_is_refused()
    {
        File.WriteAllBytes(_folder["a.safetensors"], [1, 2, 3]);
        AssertRefused("at least 8 bytes, got 3");
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        AssertRefused("cannot be read");
    }

    private static TensorContent Content(string name, NumberType type, params byte[] bytes)
        => new(new TensorInfo(name, type, [bytes.Length / TensorInfo.SizeOf(type)]), stream => stream.Write(bytes));

    private void WriteRaw(long length, string header, int dataLength)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, length);
        File.WriteAllBytes(_folder["a.safetensors"], [.. prefix, .. Encoding.UTF8.GetBytes(header), .. new byte[dataLength]]);
    }

    private void AssertRefused(string reason)
    {
        GenQException e = Assert.Throws<GenQException>(() => SafeTensors.Enumerate(_folder["a.safetensors"]).ToList());
        Assert.Contains(reason, e.Message);
        Assert.Contains("a.safetensors", e.Message);
        Assert.Equal(e.Message, Assert.Throws<GenQException>(() => SafeTensors.ReadHeader(_folder["a.safetensors"])).Message);
    }

    [Theory]
    [InlineData("""{"\ud800": {"dtype": "I8", "shape": [0], "data_offsets": [0, 0]}}""")]
    [InlineData("""{"x": {"dtype": "\ud800", "shape": [0], "data_offsets": [0, 0]}}""")]
    [InlineData("""{"__metadata__": {"a": "\ud800"}}""")]
    public void A_header_that_is_no_Unicode_is_told(string header)
    {
        byte[] bytes = new byte[8 + header.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(8));
        File.WriteAllBytes(_folder["a.safetensors"], bytes);
        Assert.Contains("not valid Unicode", Assert.Throws<GenQException>(() => SafeTensors.ReadHeader(_folder["a.safetensors"])).Message, StringComparison.Ordinal);
    }
}
