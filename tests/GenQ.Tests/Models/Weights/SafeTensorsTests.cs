using System.Buffers.Binary;
using System.Text;
using GenQ.Data;
using GenQ.Models;
using static TorchSharp.torch;

namespace GenQ.Tests.Weights;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_header_gives_names_types_and_shapes()
    {
        SafeTensorsHeader header = SafeTensors.ReadHeader(Shared.Golden("checkpoints", "t5-tiny", "model.safetensors"));
        Assert.Equal("pt", header.Metadata["format"]);
        TensorInfo embedding = Assert.Single(header.Tensors, tensor => tensor.Name == "shared.weight");
        Assert.Equal(ScalarType.Float32, embedding.Type);
        Assert.Equal(2, embedding.Shape.Count);
    }

    [Fact]
    public void Golden_ids_are_read_as_they_were_written()
    {
        Dictionary<string, Tensor> expected = SafeTensors.Read(Shared.Golden("checkpoints", "mpnet-tiny", "expected.safetensors"));
        Tensor ids = expected["input_ids"];
        Assert.Equal(ScalarType.Int64, ids.dtype);
        Assert.All(ids.select(1, 0).data<long>().ToArray(), id => Assert.Equal(0, id)); // MPNet's <s>
    }

    public static TheoryData<ScalarType> Types =>
    [
        ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32,
        ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_comes_back_as_it_was_written(ScalarType type)
    {
        Tensor written = tensor(new float[] { 0, 1, 2, 3, 4, 5 }).view(2, 3).to(type);
        SafeTensors.Write(_folder["a.safetensors"], [new("x", written)]);
        Tensor read = SafeTensors.Read(_folder["a.safetensors"])["x"];
        Assert.Equal(type, read.dtype);
        Assert.Equal([2, 3], read.shape);
        Assert.True(read.equal(written).all().item<bool>());
    }

    [Fact]
    public void Views_scalars_and_empty_tensors_are_written_by_their_values()
    {
        Tensor matrix = arange(6, dtype: ScalarType.Float32).view(2, 3);
        SafeTensors.Write(
            _folder["a.safetensors"],
            [new("turned", matrix.t()), new("one", tensor(7f)), new("none", zeros(0, 4)), new("part", matrix[1])]);
        Dictionary<string, Tensor> read = SafeTensors.Read(_folder["a.safetensors"]);
        Assert.Equal([0f, 3, 1, 4, 2, 5], read["turned"].data<float>().ToArray());
        Assert.Equal([3f, 4, 5], read["part"].data<float>().ToArray());
        Assert.Equal(7f, read["one"].item<float>());
        Assert.Equal([0, 4], read["none"].shape);
    }

    [Fact]
    public void The_file_has_the_layout_that_other_readers_expect()
    {
        Dictionary<string, string> metadata = new() { ["format"] = "pt", ["by"] = "GenQ <é>" };
        SafeTensors.Write(_folder["a.safetensors"], [new("b", ones(1)), new("c", ones(1, int8)), new("a", ones(1))], metadata);
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

    private void WriteRaw(long length, string header, int dataLength)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, length);
        File.WriteAllBytes(_folder["a.safetensors"], [.. prefix, .. Encoding.UTF8.GetBytes(header), .. new byte[dataLength]]);
    }

    private void AssertRefused(string reason)
    {
        GenQException e = Assert.Throws<GenQException>(() => SafeTensors.Read(_folder["a.safetensors"]));
        Assert.Contains(reason, e.Message);
        Assert.Contains("a.safetensors", e.Message);
        Assert.Equal(e.Message, Assert.Throws<GenQException>(() => SafeTensors.ReadHeader(_folder["a.safetensors"])).Message);
    }
}
