using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using static TorchSharp.torch;

namespace GenQ.Tests.Weights;

public sealed class TensorFileTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Golden_ids_are_read_as_they_were_written()
    {
        Dictionary<string, Tensor> expected = TensorFile.Read(Shared.Golden("checkpoints", "mpnet-tiny", "expected.safetensors"));
        Tensor ids = expected["input_ids"];
        Assert.Equal(ScalarType.Int64, ids.dtype);
        Assert.All(ids.select(1, 0).data<long>().ToArray(), id => Assert.Equal(0, id)); // MPNet's <s>
    }

    [Theory]
    [InlineData("t5-tiny")]
    [InlineData("mpnet-tiny")]
    [InlineData("bert-tiny")]
    public void A_file_of_torch_gives_the_tensors_of_its_safetensors_twin(string model)
    {
        Dictionary<string, Tensor> read = TensorFile.Read(Shared.Company("golden", "checkpoints", model + "-bin", "pytorch_model.bin"));
        Dictionary<string, Tensor> twin = TensorFile.Read(Shared.Company("golden", "checkpoints", model, "model.safetensors"));
        Assert.Subset(read.Keys.ToHashSet(), twin.Keys.ToHashSet());
        Assert.All(twin, pair => Assert.True(pair.Value.equal(read[pair.Key]).all().item<bool>(), pair.Key));
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
        TensorFile.Write(_folder["a.safetensors"], [new("x", written)]);
        Tensor read = TensorFile.Read(_folder["a.safetensors"])["x"];
        Assert.Equal(type, read.dtype);
        Assert.Equal([2, 3], read.shape);
        Assert.True(read.equal(written).all().item<bool>());
        Assert.Equal(written.NumberOfElements * written.ElementSize, SafeTensors.ReadHeader(_folder["a.safetensors"]).Tensors[0].ByteCount);
    }

    [Fact]
    public void A_type_that_safetensors_does_not_know_is_refused()
    {
        GenQException e = Assert.Throws<GenQException>(
            () => TensorFile.Write(_folder["a.safetensors"], [new("x", zeros(2, ScalarType.ComplexFloat64))]));
        Assert.Contains("cannot hold 'x': safetensors files have no ComplexFloat64", e.Message);
    }

    [Fact]
    public void Views_scalars_and_empty_tensors_are_written_by_their_values()
    {
        Tensor matrix = arange(6, dtype: ScalarType.Float32).view(2, 3);
        TensorFile.Write(
            _folder["a.safetensors"],
            [new("turned", matrix.t()), new("one", tensor(7f)), new("none", zeros(0, 4)), new("part", matrix[1])]);
        Dictionary<string, Tensor> read = TensorFile.Read(_folder["a.safetensors"]);
        Assert.Equal([0f, 3, 1, 4, 2, 5], read["turned"].data<float>().ToArray());
        Assert.Equal([3f, 4, 5], read["part"].data<float>().ToArray());
        Assert.Equal(7f, read["one"].item<float>());
        Assert.Equal([0, 4], read["none"].shape);
    }
}
