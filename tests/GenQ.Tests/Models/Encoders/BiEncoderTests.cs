using System.Text.Json.Nodes;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using Microsoft.Extensions.AI;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Tests.Encoders;

public sealed class BiEncoderTests
{
    private static readonly BiEncoderOptions Fp32 = new() { Precision = Precision.Fp32 };

    [Theory]
    [InlineData("mpnet-tiny")]
    [InlineData("mpnet-tiny-bin")]
    [InlineData("mpnet-tiny-sharded")]
    [InlineData("mpnet-tiny-masked-lm")]
    [InlineData("mpnet-tiny-v6")]
    [InlineData("bert-tiny")]
    [InlineData("bert-tiny-bin")]
    [InlineData("bert-tiny-masked-lm")]
    [InlineData("distilbert-tiny")]
    [InlineData("xlm-roberta-tiny")]
    public void Texts_get_the_vectors_of_the_reference(string name)
    {
        using EncoderGolden golden = new(name);
        using BiEncoder model = BiEncoder.Load(golden.Folder, Fp32);
        Assert.Equal(48, model.MaxSequenceLength);
        Assert.Equal(32, model.Dimensions);
        EncoderGolden.AssertClose(golden["embeddings"], model.Encode(golden.Texts), 2e-5);
        EncoderGolden.AssertClose(golden["embeddings"], model.EncodePassages(golden.Texts), 2e-5);
    }

    [Fact]
    public void MiniLM_gives_its_published_vectors()
    {
        string folder = Shared.Company("models", "all-MiniLM-L6-v2");
        using DisposeScope scope = NewDisposeScope();
        using BiEncoder model = BiEncoder.Load(folder, Fp32);
        JsonNode expected = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")))!;
        string[] texts = [.. expected["texts"]!.AsArray().Select(text => text!.GetValue<string>())];
        Assert.Equal(121, texts.Length);
        Assert.Equal(256, model.MaxSequenceLength);
        EncoderGolden.AssertClose(TensorFile.Read(Path.Combine(folder, "expected.safetensors"))["embeddings"], model.Encode(texts), 2e-5);
    }

    [Fact]
    public void Vectors_come_in_the_order_of_the_texts_however_they_are_batched()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using BiEncoder model = BiEncoder.Load(golden.Folder, Fp32 with { BatchTokens = 30 });
        List<int> done = [];
        EncoderGolden.AssertClose(golden["embeddings"], model.Encode(golden.Texts, new SynchronousProgress<int>(done.Add)), 2e-5);
        Assert.True(done.Count > 2, "the texts should need several batches");
        Assert.Equal(golden.Texts.Length, done[^1]);
        Assert.Empty(model.Encode([]));
    }

    [Theory]
    [InlineData(100, 1, 1)]
    [InlineData(99, 1, 2)]
    [InlineData(99, 2, 2)]
    [InlineData(40, 2, 4)]
    [InlineData(20, 4, 8)]
    public void Batches_of_equally_many_tokens_keep_all_workers_busy(int batchTokens, int workers, int expected)
    {
        int[][] ids = [.. Enumerable.Range(0, 20).Select(i => new int[i % 2 == 0 ? 4 : 6])];
        int[][] batches = [.. BiEncoder.Batches(ids, batchTokens, workers)];
        int[] sizes = [.. batches.Select(batch => batch.Sum(i => ids[i].Length))];
        Assert.Equal(Enumerable.Range(0, 20), batches.SelectMany(batch => batch).Order());
        Assert.Equal(expected, batches.Length);
        Assert.All(sizes, size => Assert.InRange(size, 1, batchTokens));
        Assert.True(sizes.Max() - sizes.Min() <= 6, $"batches have {string.Join(", ", sizes)} tokens");
    }

    [Fact]
    public void A_text_longer_than_a_batch_goes_alone()
    {
        int[][] ids = [new int[2], new int[50], new int[3], new int[1]];
        Assert.Equal([[1], [2], [0, 3]], BiEncoder.Batches(ids, 10, 1));
    }

    [Fact]
    public void What_was_saved_loads_with_the_same_vectors_prompts_and_limits()
    {
        using EncoderGolden golden = new("bert-tiny");
        using TemporaryFolder folder = new();
        golden.CopyTo(folder["model"]);
        File.WriteAllText(
            folder["model", "config_sentence_transformers.json"], """{"prompts": {"query": "query: ", "document": "passage: "}}""");
        File.WriteAllText(
            folder["model", "1_Pooling", "config.json"], """{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}""");
        File.WriteAllText(folder["model", "modules.json"], """
            [{"type": "sentence_transformers.models.Transformer", "path": ""},
             {"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"},
             {"type": "sentence_transformers.models.Normalize", "path": "2_Normalize"}]
            """);
        using BiEncoder model = BiEncoder.Load(folder["model"], Fp32 with { MaxSequenceLength = 20 });
        model.Save(folder["copy"], new ModelCard { Name = "a|b", BaseModel = "some/base", Settings = [new("Batch", "24")] });
        using BiEncoder copy = BiEncoder.Load(folder["copy"], Fp32);
        Assert.Equal(("query: ", "passage: ", 20), (copy.QueryPrompt, copy.PassagePrompt, copy.MaxSequenceLength));
        Assert.Equal(model.EncodeQueries(golden.Texts), copy.EncodeQueries(golden.Texts));
        Assert.All(copy.Encode(golden.Texts), vector => Assert.Equal(1, vector.Sum(x => x * x), 1e-5));
        Assert.Contains("model.encode_query(", File.ReadAllText(folder["copy", "README.md"]), StringComparison.Ordinal);
        Assert.Contains("| Batch | 24 |", File.ReadAllText(folder["copy", "README.md"]), StringComparison.Ordinal);
        Assert.Contains("\nbase_model: \"some/base\"\n", File.ReadAllText(folder["copy", "README.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Prompts_stand_in_front_of_queries_and_passages_and_of_nothing_else()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        golden.CopyTo(folder["model"]);
        File.WriteAllText(
            folder["model", "config_sentence_transformers.json"],
            """{"prompts": {"query": "query: ", "passage": "text: "}, "default_prompt_name": null}""");
        using BiEncoder model = BiEncoder.Load(folder["model"], Fp32);
        float[][] plain = model.Encode(["query: normans", "text: normans", "normans"]);
        Assert.Equal(plain[0], model.EncodeQueries(["normans"])[0], (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(plain[1], model.EncodePassages(["normans"])[0], (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.NotEqual(plain[2], plain[1]);
        Assert.True(model.CountTokens("normans") > 3, "the prompt counts");

        // encode_document of Python's library looks for "document" first, and some of its versions always have one.
        model.Save(folder["copy"]);
        JsonNode prompts = JsonNode.Parse(File.ReadAllText(folder["copy", "config_sentence_transformers.json"]))!["prompts"]!;
        Assert.Equal(("query: ", "text: "), ($"{prompts["query"]}", $"{prompts["document"]}"));
    }

    [Theory]
    [InlineData("""{"prompts": {"query": 5}}""", "has 5 as 'query'")]
    [InlineData("""{"default_prompt_name": 1}""", "has 1 as 'default_prompt_name'")]
    public void Prompts_that_are_no_texts_are_named(string settings, string message)
        => Assert.Contains(message, RefusalWith("config_sentence_transformers.json", settings), StringComparison.Ordinal);

    [Fact]
    public void A_text_is_cut_at_the_models_limit_but_counted_whole()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using BiEncoder model = BiEncoder.Load(golden.Folder, Fp32 with { MaxSequenceLength = 5 });
        Assert.Equal(model.Encode(["the the the"])[0], model.Encode(["the the the the the"])[0], (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(7, model.CountTokens("the the the the the"));
    }

    [Fact]
    public void No_setting_leads_beyond_the_table_of_positions()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using BiEncoder model = BiEncoder.Load(golden.Folder, Fp32 with { MaxSequenceLength = 1000 });
        Assert.Equal(64, model.MaxSequenceLength);
        Assert.Single(model.Encode([string.Join(' ', Enumerable.Repeat("the", 200))]));
    }

    [Fact]
    public async Task It_is_an_embedding_generator_of_Microsoft_Extensions_AI()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using BiEncoder model = BiEncoder.Load(golden.Folder, Fp32);
        GeneratedEmbeddings<Embedding<float>> embeddings =
            await model.GenerateAsync(golden.Texts, cancellationToken: TestContext.Current.CancellationToken);
        EncoderGolden.AssertClose(golden["embeddings"], [.. embeddings.Select(e => e.Vector.ToArray())], 2e-5);
        Assert.Equal(32, ((IEmbeddingGenerator)model).GetService<EmbeddingGeneratorMetadata>()!.DefaultModelDimensions);
        Assert.Same(model, ((IEmbeddingGenerator)model).GetService<BiEncoder>());
    }

    [Fact]
    public void Encoding_leaves_no_tensor_behind()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using BiEncoder model = BiEncoder.Load(golden.Folder, Fp32);
        model.Encode(golden.Texts);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        model.Encode(golden.Texts);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData("""[{"type": "models.Transformer", "path": ""}, {"type": "models.Dense", "path": "2_Dense"}]""", "Dense")]
    [InlineData("""[{"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"}]""", "Transformer, then Pooling")]
    [InlineData("""{"a": 1}""", "list of modules")]
    public void Modules_that_are_not_built_are_refused_by_name(string modules, string expected)
        => Assert.Contains(expected, RefusalWith("modules.json", modules), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"pooling_mode_mean_tokens": true, "pooling_mode_max_tokens": true}""", "mean and max")]
    [InlineData("""{"pooling_mode": "lasttoken"}""", "lasttoken")]
    public void Poolings_that_are_not_built_are_refused_by_name(string pooling, string expected)
        => Assert.Contains(expected, RefusalWith("1_Pooling/config.json", pooling), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"prompts": {"query": "query: "}}""", false)]
    [InlineData("""{"prompts": {"query": "", "document": ""}, "default_prompt_name": null}""", true)]
    [InlineData("{}", true)]
    public void A_prompt_that_is_left_out_of_the_pooling_is_refused_where_there_is_one(string settings, bool loads)
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        golden.CopyTo(folder["model"]);
        File.WriteAllText(folder["model", "1_Pooling", "config.json"], """{"pooling_mode": "mean", "include_prompt": false}""");
        File.WriteAllText(folder["model", "config_sentence_transformers.json"], settings);
        if (!loads)
        {
            Assert.Contains("include_prompt", Assert.Throws<GenQException>(() => BiEncoder.Load(folder["model"], Fp32)).Message, StringComparison.Ordinal);
            return;
        }

        using BiEncoder model = BiEncoder.Load(folder["model"], Fp32);
        EncoderGolden.AssertClose(golden["embeddings"], model.Encode(golden.Texts), 2e-5);
    }

    [Fact]
    public void A_module_of_dropout_is_passed_over()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        golden.CopyTo(folder["model"]);
        File.WriteAllText(folder["model", "modules.json"], """
            [{"type": "sentence_transformers.models.Transformer", "path": ""},
             {"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"},
             {"type": "sentence_transformers.models.Dropout", "path": "2_Dropout"}]
            """);
        using BiEncoder model = BiEncoder.Load(folder["model"], Fp32);
        EncoderGolden.AssertClose(golden["embeddings"], model.Encode(golden.Texts), 2e-5);
    }

    [Theory]
    [MemberData(nameof(EncoderGolden.Families), MemberType = typeof(EncoderGolden))]
    public void A_saved_model_of_each_family_names_its_bare_network_and_gives_the_same_vectors(string name)
    {
        using EncoderGolden golden = new(name);
        using TemporaryFolder folder = new();
        golden.CopyTo(folder["model"], ("architectures", new JsonArray("SomethingForMaskedLM")));
        using BiEncoder model = BiEncoder.Load(folder["model"], Fp32);
        model.Save(folder["copy"]);
        JsonNode before = Config(golden.Folder), after = Config(folder["copy"]);
        Assert.Equal(($"{before["model_type"]}", $"{before["architectures"]![0]}"), ($"{after["model_type"]}", $"{after["architectures"]![0]}"));
        Assert.Equal(
            SafeTensors.ReadHeader(golden.Folder + "/model.safetensors").Tensors.Select(tensor => tensor.Name).Where(tensor => !tensor.StartsWith("pooler", StringComparison.Ordinal)).Order(),
            SafeTensors.ReadHeader(folder["copy", "model.safetensors"]).Tensors.Select(tensor => tensor.Name).Order());
        using BiEncoder copy = BiEncoder.Load(folder["copy"], Fp32);
        Assert.Equal(model.Encode(golden.Texts), copy.Encode(golden.Texts));

        static JsonNode Config(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!;
    }

    [Theory]
    [InlineData("mpnet-tiny", "num_attention_heads", 5, "5 attention heads, expected a divisor of the hidden size 32")]
    [InlineData("bert-tiny", "num_attention_heads", 0, "num_attention_heads 0, expected a whole number between 1 and 1024")]
    [InlineData("distilbert-tiny", "n_heads", 5, "5 attention heads, expected a divisor of the hidden size 32")]
    public void Heads_that_do_not_share_out_the_width_are_refused(string name, string setting, int heads, string reason)
    {
        using EncoderGolden golden = new(name);
        using TemporaryFolder folder = new();
        golden.CopyTo(folder["model"], (setting, heads));
        string message = Assert.Throws<GenQException>(() => BiEncoder.Load(folder["model"])).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pad_token_id", 0)]
    [InlineData("relative_attention_num_buckets", 64)]
    public void An_MPNet_s_config_that_its_reference_does_not_heed_is_refused(string setting, int value)
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        golden.CopyTo(folder["model"], (setting, value));
        string message = Assert.Throws<GenQException>(() => BiEncoder.Load(folder["model"])).Message;
        Assert.Contains($"{setting} {value}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_config_of_another_model_is_named()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        golden.CopyTo(folder["model"], ("intermediate_size", 128));
        string message = Assert.Throws<GenQException>(() => BiEncoder.Load(folder["model"])).Message;
        Assert.Contains("has intermediate_size 128, expected a value that fits", message, StringComparison.Ordinal);
        Assert.Contains("[64, 32]", message, StringComparison.Ordinal);
    }

    // What is said of a model, one of whose files holds something else.
    private static string RefusalWith(string file, string content)
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        golden.CopyTo(folder["model"]);
        File.WriteAllText(folder["model", file], content);
        return Assert.Throws<GenQException>(() => BiEncoder.Load(folder["model"], Fp32)).Message;
    }
}
