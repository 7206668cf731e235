using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Tests.Weights;

public sealed class CheckpointTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("t5-tiny")]
    [InlineData("mpnet-tiny")]
    public void Every_weight_of_a_golden_folder_reaches_its_parameter(string model)
    {
        string folder = Shared.Golden("checkpoints", model);
        AssertLoads(folder, folder);
        Assert.Equal(TensorFile.Read(Path.Combine(folder, "model.safetensors")).Keys.Order(), WeightFiles.Names(folder).Order());
    }

    [Theory]
    [InlineData("t5-tiny-bin", "t5-tiny")]
    [InlineData("mpnet-tiny-bin", "mpnet-tiny")]
    [InlineData("bert-tiny-bin", "bert-tiny")]
    [InlineData("mpnet-tiny-sharded", "mpnet-tiny")]
    [InlineData("mpnet-tiny-v6", "mpnet-tiny")]
    [InlineData("mpnet-tiny-masked-lm", "mpnet-tiny")]
    [InlineData("bert-tiny-masked-lm", "bert-tiny")]
    public void Other_forms_of_the_same_checkpoint_give_the_same_weights(string folder, string twin) =>
        AssertLoads(Shared.Company("golden", "checkpoints", folder), Shared.Company("golden", "checkpoints", twin));

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void Stored_types_become_the_parameters_type(ScalarType type)
    {
        TensorFile.Write(_folder["model.safetensors"], [new("a.weight", tensor(new[] { 0.5f, -2f }).to(type))]);
        using NamedTensors network = new(("a.weight", [2]));
        Checkpoint.Load(network, _folder.Path);
        Tensor loaded = network.state_dict()["a.weight"];
        Assert.Equal(ScalarType.Float32, loaded.dtype);
        Assert.Equal([0.5f, -2f], loaded.data<float>().ToArray());
    }

    [Fact]
    public void A_saved_network_loads_again()
    {
        using NamedTensors network = Filled(0.1f);
        Checkpoint.Save(network, _folder.Path);
        using NamedTensors again = new(("a.weight", [2]));
        Checkpoint.Load(again, _folder.Path);
        Assert.Equal([0.1f, 0.1f], again.state_dict()["a.weight"].data<float>().ToArray());
    }

    [Fact]
    public void A_network_saved_in_half_precision_takes_half_the_room_and_leaves_the_network_as_it_was()
    {
        using NamedTensors network = Filled(0.1f);
        Checkpoint.Save(network, _folder.Path, ScalarType.Float16);
        Assert.Equal(NumberType.F16, Assert.Single(SafeTensors.ReadHeader(_folder["model.safetensors"]).Tensors).Type);
        Assert.Equal(ScalarType.Float32, network.state_dict()["a.weight"].dtype);
        using NamedTensors again = new(("a.weight", [2]));
        Checkpoint.Load(again, _folder.Path);
        Assert.Equal((float)(Half)0.1f, again.state_dict()["a.weight"].data<float>()[0]);
    }

    [Fact]
    public void A_weight_that_half_precision_cannot_hold_is_named()
    {
        using NamedTensors network = Filled(1e6f);
        GenQException e = Assert.Throws<GenQException>(() => Checkpoint.Save(network, _folder.Path, ScalarType.Float16));
        Assert.Contains("'a.weight' has numbers too large for Float16", e.Message);
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("_orig_mod.")]
    [InlineData("0.auto_model.")]
    [InlineData("module.bert.")]
    public void A_prefix_in_front_of_all_names_is_left_out(string prefix)
    {
        TensorFile.Write(
            _folder["model.safetensors"], [new(prefix + "a.weight", ones(2)), new(prefix + "b.bias", zeros(1)), new("cls.b.bias", ones(1)), new("head", ones(1))]);
        using NamedTensors network = new(("a.weight", [2]), ("b.bias", [1]));
        Checkpoint.Load(network, _folder.Path);
        Assert.Equal([1f, 1f], network.state_dict()["a.weight"].data<float>().ToArray());
        Assert.Equal(0f, network.state_dict()["b.bias"].item<float>());
    }

    [Fact]
    public void The_weights_of_several_networks_are_refused_by_their_prefixes()
    {
        TensorFile.Write(_folder["model.safetensors"], [new("query.a.weight", ones(2)), new("passage.a.weight", ones(2))]);
        AssertFails("are of several networks, 'passage.', 'query.'");
    }

    [Fact]
    public void A_wrong_shape_is_told_with_both_shapes()
    {
        TensorFile.Write(_folder["model.safetensors"], [new("a.weight", zeros(384, 384))]);
        AssertFails("model.safetensors' has 'a.weight' as [384, 384], NamedTensors expects [2]: is config.json from another model?");
    }

    [Fact]
    public void Whole_numbers_are_not_taken_for_weights()
    {
        TensorFile.Write(_folder["model.safetensors"], [new("a.weight", zeros(2, int8))]);
        AssertFails("has 'a.weight' as I8, NamedTensors expects floating-point numbers");
    }

    [Fact]
    public void A_missing_tensor_is_named()
    {
        TensorFile.Write(_folder["model.safetensors"], [new("b.weight", zeros(2))]);
        AssertFails("model.safetensors' has no 'a.weight', which NamedTensors expects");
    }

    [Fact]
    public void A_folder_without_weights_is_told_what_it_lacks() =>
        AssertFails("has no weights: expected model.safetensors, pytorch_model.bin");

    [Theory]
    [InlineData("""{"weight_map": {"a.weight": "model-00001-of-00002.safetensors"}}""", "has no 'model-00001-of-00002.safetensors'")]
    [InlineData("""{"weight_map": {"a.weight": "../x.safetensors"}}""", "names '../x.safetensors', expected a file beside it")]
    [InlineData("""{"weights": {}}""", "should hold a 'weight_map'")]
    [InlineData("""{"weight_map": {"a.weight": 1}}""", "should hold a 'weight_map'")]
    [InlineData("""{""", "is not valid JSON")]
    public void A_broken_index_is_refused_with_its_reason(string index, string reason)
    {
        File.WriteAllText(_folder["model.safetensors.index.json"], index);
        AssertFails(reason);
    }

    private static NamedTensors Filled(float value)
    {
        NamedTensors network = new(("a.weight", [2]));
        using var noGrad = no_grad();
        network.state_dict()["a.weight"].fill_(value);
        return network;
    }

    private void AssertFails(string reason)
    {
        using NamedTensors network = new(("a.weight", [2]));
        GenQException e = Assert.Throws<GenQException>(() => Checkpoint.Load(network, _folder.Path));
        Assert.Contains(reason, e.Message);
    }

    private static void AssertLoads(string folder, string twin)
    {
        // The masked language models carry a head instead of the pooler.
        Dictionary<string, Tensor> expected = TensorFile.Read(Path.Combine(twin, "model.safetensors"));
        foreach (string name in expected.Keys.Where(name => name.StartsWith("pooler.", StringComparison.Ordinal)).ToList())
            expected.Remove(name);
        using NamedTensors network = new(expected.Select(pair => (pair.Key, pair.Value.shape)));
        Checkpoint.Load(network, folder);
        Dictionary<string, Tensor> loaded = network.state_dict();
        Assert.Equal(expected.Count, loaded.Count);
        Assert.All(expected, pair => Assert.True(pair.Value.equal(loaded[pair.Key]).all().item<bool>(), pair.Key));
    }
}
