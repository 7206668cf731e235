using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Models;
using GenQ.Tests.Encoders;
using GenQ.Training;
using static TorchSharp.torch;

namespace GenQ.Tests.Training;

[Collection(TorchRandomCollection.Name)]
public sealed class FreshEncoderTests
{
    private static readonly string Tiny = Shared.Golden("checkpoints", "mpnet-tiny"), Bert = Shared.Golden("checkpoints", "bert-tiny");

    // The last one holds a letter that no vocabulary has.
    private static readonly string[] Texts = ["how far is the sea", "the harbour is a place where ships lie at night", "what is \u16A0"];

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
    public void Pooling_and_prompts_are_those_that_the_sizes_bring()
    {
        using TemporaryFolder folder = new();
        using EncoderGolden sizes = new("mpnet-tiny");
        sizes.CopyTo(folder["sizes"]);
        Directory.CreateDirectory(folder["sizes", "1_Pooling"]);
        File.WriteAllText(folder["sizes", "modules.json"], """
            [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
             {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
            """);
        File.WriteAllText(folder["sizes", "1_Pooling", "config.json"], """{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}""");
        File.WriteAllText(folder["sizes", "config_sentence_transformers.json"], """{"prompts": {"query": "ask: "}}""");
        FreshEncoder.Create(folder["sizes"], folder["fresh"], seed: 1);
        using BiEncoder encoder = BiEncoder.Load(folder["fresh"]);
        Assert.Equal("ask: ", encoder.QueryPrompt);
        File.Delete(folder["fresh", "modules.json"]);
        using BiEncoder mean = BiEncoder.Load(folder["fresh"]);
        Assert.NotEqual(encoder.EncodePassages(["some words"])[0], mean.EncodePassages(["some words"])[0]);
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

    [Fact]
    public void An_mpnet_with_the_layers_of_a_bert_says_of_every_token_what_that_says()
    {
        using TemporaryFolder folder = new();
        Sizes(folder);
        FreshEncoder.Create(folder["sizes"], folder["fresh"], seed: 1, layersOf: Bert);
        AssertSameStates(Bert, folder["fresh"]);
        Tensor known = Words(Bert), own = Words(folder["fresh"]);
        string[] from = File.ReadAllLines(Path.Combine(Bert, "vocab.txt")), to = File.ReadAllLines(folder["fresh", "vocab.txt"]);
        foreach ((string bert, string mpnet) in ((string, string)[])[("[PAD]", "<pad>"), ("[MASK]", "<mask>"), ("[UNK]", "<unk>"), ("[UNK]", "[UNK]")])
            EncoderGolden.AssertClose(known[Array.IndexOf(from, bert)], own[Array.IndexOf(to, mpnet)], 0);
    }

    [Fact]
    public void Of_the_feed_forward_units_those_that_weigh_most_are_kept()
    {
        using TemporaryFolder folder = new();
        using EncoderGolden golden = new("bert-tiny");
        golden.CopyTo(folder["teacher"]);
        using (IDisposable guard = no_grad())
        using (EncoderNetwork teacher = EncoderNetwork.Load(Bert))
        {
            // Every other unit says next to nothing, though what it reads weighs much.
            Tensor idle = arange(0, 64, 2);
            foreach (EncoderLayer layer in teacher.Layers)
            {
                layer.FeedForwardOut.weight!.index_fill_(1, idle, 1e-9);
                layer.FeedForwardIn.weight!.index_copy_(0, idle, layer.FeedForwardIn.weight!.index_select(0, idle) * 100);
            }

            Checkpoint.Save(teacher, folder["teacher"]);
        }

        Sizes(folder, ("intermediate_size", 32));
        FreshEncoder.Create(folder["sizes"], folder["fresh"], seed: 1, layersOf: folder["teacher"]);
        AssertSameStates(folder["teacher"], folder["fresh"]);
    }

    [Fact]
    public void Layers_that_do_not_fit_are_refused()
    {
        using TemporaryFolder folder = new();
        Sizes(folder, ("num_attention_heads", 2));
        Assert.Contains("4 heads, 64 feed-forward units and 64 positions, the new network 2 layers of width 32, 2 heads", Failure(Bert), StringComparison.Ordinal);
        Assert.Contains("is a MpnetEncoder", Failure(Tiny), StringComparison.Ordinal);
        Assert.Contains("give one of the two", Failure(Bert, Tiny), StringComparison.Ordinal);

        string Failure(string layersOf, string? words = null)
            => Assert.Throws<GenQException>(() => FreshEncoder.Create(folder["sizes"], folder["fresh"], 1, words, layersOf)).Message;
    }

    // The tiny MPNet's, with the norms of the tiny BERT.
    private static void Sizes(TemporaryFolder folder, params (string Name, JsonNode Value)[] config)
    {
        using EncoderGolden golden = new("mpnet-tiny");
        golden.CopyTo(folder["sizes"], [("layer_norm_eps", 1e-12), .. config]);
    }

    private static void AssertSameStates(string teacher, string student)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        Tensor[] known = States(teacher), own = States(student);
        Assert.All(known.Zip(own), pair => EncoderGolden.AssertClose(pair.First, pair.Second, 1e-5));
    }

    private static Tensor[] States(string folder)
    {
        using EncoderNetwork network = EncoderNetwork.Load(folder);
        GenQ.Text.ITokenizer tokenizer = GenQ.Text.Tokenizer.Load(folder);
        PackedBatch batch = network.Pack([.. Texts.Select(text => tokenizer.Encode(text))]);
        return [.. network.States(batch).Select(batch.WithoutFill)];
    }

    private static Tensor Words(string folder) => TensorFile.Read(Path.Combine(folder, "model.safetensors"))["embeddings.word_embeddings.weight"];
}
