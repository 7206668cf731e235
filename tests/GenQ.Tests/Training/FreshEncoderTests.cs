using GenQ.Data;
using GenQ.Models;
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
    public void Words_that_are_alike_in_the_source_are_alike_at_the_start()
    {
        using TemporaryFolder folder = new();
        FreshEncoder.Create(Tiny, folder["fresh"], seed: 1, wordEmbeddings: Tiny);
        using IDisposable scope = NewDisposeScope();
        Tensor Cosines(string model)
        {
            Tensor words = SafeTensors.Read(Path.Combine(model, "model.safetensors"))["embeddings.word_embeddings.weight"];
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
