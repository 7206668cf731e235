using GenQ.Text;

namespace GenQ.Tests.Hub;

public sealed class HubFilesTests
{
    [Theory]
    [InlineData("model.safetensors pytorch_model.bin", "model.safetensors")]
    [InlineData("pytorch_model.bin flax_model.msgpack rust_model.ot", "pytorch_model.bin")]
    [InlineData(
        "model.safetensors.index.json model-00001-of-00002.safetensors model-00002-of-00002.safetensors pytorch_model.bin",
        "model.safetensors.index.json model-00001-of-00002.safetensors model-00002-of-00002.safetensors")]
    [InlineData("model.safetensors.index.json model-00001-of-00002.safetensors pytorch_model.bin", "pytorch_model.bin")]
    [InlineData(
        "pytorch_model.bin.index.json pytorch_model-00001-of-00001.bin", "pytorch_model.bin.index.json pytorch_model-00001-of-00001.bin")]
    [InlineData("openvino/model.safetensors checkpoint-10/model.safetensors", "")]
    public void One_form_of_the_weights_is_chosen(string files, string chosen) =>
        Assert.Equal(chosen.Split(' ', StringSplitOptions.RemoveEmptyEntries), HubFiles.Select(files.Split(' ')));

    [Fact]
    public void Modules_in_folders_are_chosen_with_their_files() =>
        Assert.Equal(
            ["0_Transformer/config.json", "0_Transformer/pytorch_model.bin", "1_Pooling/config.json"],
            HubFiles.Select(["0_Transformer/config.json", "0_Transformer/pytorch_model.bin", "1_Pooling/config.json", "eval/config.json"]));

    [Theory]
    [InlineData("config.json", true)]
    [InlineData("1_Pooling/config.json", true)]
    [InlineData("model.safetensors", true)]
    [InlineData("sentencepiece.bpe.model", true)]
    [InlineData("generation_config.json", false)]
    [InlineData("README.md", false)]
    public void What_a_model_gives_is_decided_by_what_loading_it_reads(string file, bool decides) => Assert.Equal(decides, HubFiles.IsDeciding(file));

    [Theory]
    [InlineData("config.json model.safetensors vocab.txt", false, false)]
    [InlineData("config.json model.safetensors vocab.txt", true, true)]
    [InlineData("config.json model.safetensors", true, false)]
    [InlineData("config.json vocab.txt", true, false)]
    [InlineData("config.json model.safetensors vocab.txt modules.json", false, false)]
    [InlineData("config.json model.safetensors vocab.txt modules.json 1_Pooling/config.json", false, true)]
    public void A_folder_is_whole_only_when_it_is_certain_that_nothing_lacks(string files, bool hasNoModules, bool whole) =>
        Assert.Equal(whole, HubFiles.AreWhole(files.Split(' '), hasNoModules));
}
