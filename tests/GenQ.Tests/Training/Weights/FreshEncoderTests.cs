using GenQ.Data;
using GenQ.Models;
using GenQ.Tests.Encoders;
using GenQ.Training;
using static TorchSharp.torch;

namespace GenQ.Tests.Training;

[Collection(TorchRandomCollection.Name)]
public sealed class FreshEncoderTests
{
    private static readonly string Tiny = Shared.Golden("checkpoints", "mpnet-tiny");

    [Fact]
    public void A_fresh_encoder_loads_and_follows_its_seed()
    {
        using TemporaryFolder folder = new();
        FreshEncoder.Create(Tiny, folder["a"], seed: 1);
        FreshEncoder.Create(Tiny, folder["b"], seed: 1);
        FreshEncoder.Create(Tiny, folder["c"], seed: 2);
        float[] Encode(string name)
        {
            using BiEncoder encoder = BiEncoder.Load(folder[name]);
            return encoder.Encode(["some words"])[0];
        }

        Assert.Equal(Encode("a"), Encode("b"));
        Assert.NotEqual(Encode("a"), Encode("c"));
    }

    [Fact]
    public void A_fresh_encoder_is_made_anew_where_it_was_made_from_something_else()
    {
        using TemporaryFolder folder = new();
        using EncoderGolden sizes = new("mpnet-tiny");
        sizes.CopyTo(folder["sizes"]);
        Assert.Equal("the old one", WeightsAfterCreating(1, null));
        Assert.NotEqual("the old one", WeightsAfterCreating(2, null));
        Assert.NotEqual("the old one", WeightsAfterCreating(2, Tiny));
        sizes.CopyTo(folder["sizes"], ("hidden_size", 16));
        Assert.NotEqual("the old one", WeightsAfterCreating(2, Tiny));
        Assert.Equal("the old one", WeightsAfterCreating(2, Tiny));

        // An interrupted one is not whole.
        File.Delete(folder["fresh", "made-from.txt"]);
        Assert.NotEqual("the old one", WeightsAfterCreating(2, Tiny));

        string WeightsAfterCreating(long seed, string? wordEmbeddings)
        {
            if (!Directory.Exists(folder["fresh"])) FreshEncoder.Create(folder["sizes"], folder["fresh"], seed, wordEmbeddings);
            File.WriteAllText(folder["fresh", "model.safetensors"], "the old one");
            FreshEncoder.Create(folder["sizes"], folder["fresh"], seed, wordEmbeddings);
            return File.ReadAllText(folder["fresh", "model.safetensors"]);
        }
    }

    [Fact]
    public void Words_that_are_alike_in_the_source_are_alike_at_the_start()
    {
        using TemporaryFolder folder = new();
        FreshEncoder.Create(Tiny, folder["fresh"], seed: 1, wordEmbeddings: Tiny);
        using IDisposable scope = NewDisposeScope();
        Tensor Cosines(string model)
        {
            Tensor words = TensorFile.Read(Path.Combine(model, "model.safetensors"))["embeddings.word_embeddings.weight"];
            Tensor some = (words - words.mean([0])).narrow(0, 1000, 50);
            some = some / some.norm(1, keepdim: true, p: 2);
            return some.matmul(some.t());
        }

        Assert.True((Cosines(Tiny) - Cosines(folder["fresh"])).abs().max().item<float>() < 1e-3);
    }

    [Fact]
    public void Sizes_without_a_vocabulary_are_refused()
    {
        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(Tiny, "config.json"), folder["config.json"]);
        Assert.Contains("vocab.txt", Assert.Throws<GenQException>(() => FreshEncoder.Create(folder.Path, folder["out"], 1, Tiny)).Message, StringComparison.Ordinal);
        Assert.Contains("vocab.txt", Assert.Throws<GenQException>(() => FreshEncoder.Create(folder.Path, folder["out"], 1)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]), "half a checkpoint would be taken for a whole one");
    }
}
