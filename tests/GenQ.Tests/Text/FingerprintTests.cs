using GenQ.Models;
using GenQ.Text;

namespace GenQ.Tests;

public sealed class FingerprintTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("config.json")]
    [InlineData("modules.json")]
    [InlineData("sentence_bert_config.json")]
    [InlineData("config_sentence_transformers.json")]
    [InlineData("1_Pooling/config.json")]
    [InlineData("vocab.txt")]
    [InlineData("tokenizer.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("spiece.model")]
    [InlineData("model.safetensors")]
    [InlineData("model-00001-of-00002.safetensors")]
    [InlineData("pytorch_model.bin")]
    [InlineData("0_Transformer/config.json")]
    [InlineData("0_Transformer/pytorch_model.bin")]
    [InlineData("0_Transformer/sentence_bert_config.json")]
    public void A_file_that_loading_reads_counts(string file)
    {
        string without = Fingerprint.OfModel(_folder.Path), one = With(file, "one"), two = With(file, "two");
        Assert.Equal(3, new[] { without, one, two }.Distinct().Count());
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("training.jsonl")]
    [InlineData("special_tokens_map.json")]
    [InlineData("onnx/config.json")]
    [InlineData("checkpoints/checkpoint.safetensors")]
    [InlineData("checkpoints/model/config.json")]
    public void A_file_that_loading_does_not_read_does_not_count(string file)
        => Assert.Equal(Fingerprint.OfModel(_folder.Path), With(file, "anything"));

    [Fact]
    public void Contents_that_have_changed_places_are_another_model()
    {
        With("0_Transformer/config.json", "one");
        string before = With("1_Pooling/config.json", "two");
        With("0_Transformer/config.json", "two");
        Assert.NotEqual(before, With("1_Pooling/config.json", "one"));
    }

    [Fact]
    public void A_model_that_was_read_and_saved_again_is_the_same()
    {
        Save(Shared.Golden("checkpoints", "mpnet-tiny"), _folder["once"]);
        Save(_folder["once"], _folder["twice"]);
        Assert.Equal(Fingerprint.OfModel(_folder["once"]), Fingerprint.OfModel(_folder["twice"]));

        static void Save(string from, string to)
        {
            using BiEncoder encoder = BiEncoder.Load(from);
            encoder.Save(to, new ModelCard { Name = to });
        }
    }

    private string With(string file, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
        File.WriteAllText(_folder[file], content);
        return Fingerprint.OfModel(_folder.Path);
    }
}
