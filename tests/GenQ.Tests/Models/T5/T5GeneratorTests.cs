using System.Text.Json.Nodes;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Tests.T5;

[Collection(TorchRandomCollection.Name)]
public sealed class T5GeneratorTests
{
    private static readonly string Tiny = Shared.Golden("checkpoints", "t5-tiny");

    [Theory]
    [InlineData("t5-tiny")]
    [InlineData("t5-gated-tiny")]
    [InlineData("t5-tiny-bin")]
    public void Greedy_ids_are_those_of_the_reference(string name)
    {
        using T5Golden golden = new(name);
        using T5Generator generator = T5Generator.Wrap(golden.Model, Tokenizer.Load(Tiny));
        DecodingOptions options = new() { Method = DecodingMethod.Greedy, Count = 1, MaxLength = 20 };
        using IDisposable guard = no_grad();
        (int[] Tokens, double)[][] written = generator.WriteBatch([.. Inputs(golden).Select(ids => new TextRead("", ids))], options, default);
        Assert.Equal(Rows(golden["greedy"]), written.Select(rows => WithStart(rows[0].Tokens)));
        written = generator.Write([.. Inputs(golden).Select(ids => new TextRead("", ids))], options, default);
        Assert.Equal(Rows(golden["greedy"]), written.Select(rows => WithStart(rows[0].Tokens)));
    }

    [Theory]
    [InlineData("t5-tiny")]
    [InlineData("t5-gated-tiny")]
    public void Beams_are_those_of_the_reference(string name)
    {
        using T5Golden golden = new(name);
        using T5Generator generator = T5Generator.Wrap(golden.Model, Tokenizer.Load(Tiny));
        DecodingOptions options = new() { Method = DecodingMethod.Beam, Count = 3, Beams = 4, MaxLength = 20 };
        using IDisposable guard = no_grad();
        (int[] Tokens, double)[][] written = generator.SearchBatch(Inputs(golden), options, default);
        Assert.Equal(Rows(golden["beams"]), written.SelectMany(rows => rows.Select(row => WithStart(row.Tokens))));
    }

    // Room for two texts of five: the others are taken in as rows become free, which happens at different times because a
    // token that is drawn now and then is made the end.
    [Theory]
    [InlineData("t5-tiny", 16)]
    [InlineData("t5-tiny", 8)]
    [InlineData("t5-tiny", 1)]
    [InlineData("t5-gated-tiny", 16)]
    public void The_engine_writes_what_the_plain_network_writes(string name, int lanes)
    {
        using TemporaryFolder folder = new();
        foreach (string file in Directory.GetFiles(name == "t5-tiny" ? Tiny : Shared.Company("golden", "checkpoints", name))) File.Copy(file, folder[Path.GetFileName(file)]);
        TextRead[] texts = [.. new[] { 40, 23, 17, 6, 2 }.Select((length, i) => new TextRead($"{i}", Enumerable.Range(0, length).Select(j => 3 + (i * 7 + j * 5) % 60).ToArray()))];
        DecodingOptions options = new() { MaxLength = 20, BatchSize = 2 };
        using IDisposable guard = no_grad();
        int end;
        using (T5Generator generator = T5Generator.Wrap(T5Model.Load(folder.Path), Tokenizer.Load(Tiny)))
        {
            end = generator.WriteBatch(texts, options, default).SelectMany(rows => rows.SelectMany(row => row.Tokens.Skip(3))).CountBy(id => id).MaxBy(pair => pair.Value).Key;
        }

        JsonObject config = JsonNode.Parse(File.ReadAllText(folder["config.json"]))!.AsObject();
        config["eos_token_id"] = end;
        File.WriteAllText(folder["config.json"], config.ToJsonString());

        using T5Generator ending = T5Generator.Wrap(T5Model.Load(folder.Path), Tokenizer.Load(Tiny));
        (int[] Tokens, double LogProbability)[][] plain = ending.WriteBatch(texts, options, default);
        (int[] Tokens, double LogProbability)[][] fused = [];
        WidestRegister.Be(lanes, () => fused = ending.Write(texts, options, default));
        Assert.True(plain.SelectMany(rows => rows).Select(row => row.Tokens.Length).Distinct().Count() > 1, "all end together");
        Assert.Equal(plain.Select(rows => rows.Select(row => row.Tokens)), fused.Select(rows => rows.Select(row => row.Tokens)));
        Assert.All(plain.Zip(fused), text => Assert.All(text.First.Zip(text.Second), row => Assert.Equal(row.First.LogProbability, row.Second.LogProbability, 1e-3)));
    }

    [Fact]
    public void In_bf16_the_engine_finds_the_same_probabilities_but_for_rounding()
    {
        using T5Golden golden = new("t5-tiny");
        using T5Generator generator = T5Generator.Wrap(golden.Model, Tokenizer.Load(Tiny));
        using IDisposable guard = no_grad();
        TextRead[] texts = [.. Enumerable.Range(0, 20).Select(i => new TextRead($"{i}", Enumerable.Range(0, 10 + i).Select(j => 3 + (i * 7 + j * 5) % 60).ToArray()))];
        DecodingOptions options = new() { Method = DecodingMethod.Greedy, Count = 1, MaxLength = 2 };
        double[] exact = [.. generator.WriteBatch(texts, options, default).Select(rows => rows[0].LogProbability)];
        golden.Model.ConvertLinearLayers(ScalarType.BFloat16);
        double[] rounded = [.. generator.Write(texts, options, default).Select(rows => rows[0].LogProbability)];
        Assert.All(exact.Zip(rounded), pair => Assert.Equal(pair.First, pair.Second, 0.05));
        Assert.NotEqual(exact, rounded);
    }

    [Fact]
    public void With_weights_of_8_bits_the_engine_finds_nearly_the_same_probabilities()
    {
        using T5Golden golden = new("t5-tiny");
        using T5Generator generator = T5Generator.Wrap(golden.Model, Tokenizer.Load(Tiny)), rounding = T5Generator.Wrap(golden.Model, Tokenizer.Load(Tiny), int8Weights: true);
        using IDisposable guard = no_grad();
        TextRead[] texts = [.. Enumerable.Range(0, 20).Select(i => new TextRead($"{i}", Enumerable.Range(0, 10 + i).Select(j => 3 + (i * 7 + j * 5) % 60).ToArray()))];
        DecodingOptions options = new() { Method = DecodingMethod.Greedy, Count = 1, MaxLength = 2 };
        double[] exact = [.. generator.Write(texts, options, default).Select(rows => rows[0].LogProbability)];
        double[] rounded = [.. rounding.Write(texts, options, default).Select(rows => rows[0].LogProbability)];
        Assert.All(exact.Zip(rounded), pair => Assert.Equal(pair.First, pair.Second, 0.1));
        Assert.NotEqual(exact, rounded);
    }

    [Fact]
    public void Draws_do_not_depend_on_the_batch()
    {
        using T5Generator generator = T5Generator.Load(Tiny, Precision.Fp32);
        (string, string)[] texts = [("a", "Python is a language."), ("b", "The Normans were people in the north of France."), ("c", "One.")];
        DecodingOptions options = new() { MaxLength = 12 };
        IReadOnlyList<GeneratedText[]> together = generator.Generate(texts, options);
        IReadOnlyList<GeneratedText[]> alone = generator.Generate(texts, options with { BatchSize = 1 });
        Assert.Equal(alone.SelectMany(t => t.Select(g => g.Text)), together.SelectMany(t => t.Select(g => g.Text)));
        Assert.NotEqual(together.SelectMany(t => t), generator.Generate(texts, options with { Seed = 43 }).SelectMany(t => t));
    }

    [Fact]
    public void Samples_of_one_text_differ_and_carry_their_log_probability()
    {
        using T5Generator generator = T5Generator.Load(Tiny, Precision.Fp32);
        GeneratedText[] written = generator.Generate([("a", "Python is a language.")], new DecodingOptions { Count = 5, MaxLength = 10 })[0];
        Assert.Equal(5, written.Distinct().Count());
        Assert.All(written, text => Assert.InRange(text.LogProbability, -200, -1));
    }

    [Fact]
    public void Of_more_candidates_those_stay_that_differ_and_whose_tokens_are_likeliest()
    {
        using T5Generator generator = T5Generator.Load(Tiny, Precision.Fp32);
        (string, string)[] texts = [("a", "the cat sat on the mat")];
        DecodingOptions options = new() { Count = 2, MaxLength = 2, TopK = 5, Seed = 1 };
        GeneratedText[] drawn = generator.Generate(texts, options with { Count = 12 })[0], kept = generator.Generate(texts, options with { Candidates = 6 })[0];
        string[] likeliest = [.. drawn.OrderByDescending(text => text.LogProbability).Select(text => text.Text).Distinct().Take(2)];
        Assert.True(drawn.DistinctBy(text => text.Text).Count() > 2, "the draws are too much alike to choose from");
        Assert.Equal(likeliest, kept.Select(text => text.Text));
    }

    [Fact]
    public void A_text_less_likely_than_the_threshold_stays_empty()
    {
        using T5Generator generator = T5Generator.Load(Tiny, Precision.Fp32);
        (string, string)[] texts = [("a", "the cat sat on the mat")];
        DecodingOptions options = new() { Count = 8, MaxLength = 2, TopK = 5, Seed = 1 };
        GeneratedText[] drawn = generator.Generate(texts, options)[0];
        double threshold = drawn.Average(text => text.LogProbability);
        GeneratedText[] kept = generator.Generate(texts, options with { LogprobThreshold = threshold })[0];
        Assert.Equal(drawn.Select(text => text.LogProbability < threshold ? "" : text.Text), kept.Select(text => text.Text));
        Assert.Contains(kept, text => text.Text.Length == 0);
    }

    [Fact]
    public void A_generator_brings_its_own_settings()
    {
        using TemporaryFolder folder = new();
        foreach (string file in Directory.GetFiles(Tiny)) File.Copy(file, folder[Path.GetFileName(file)]);
        File.WriteAllText(folder["generation_config.json"], """{"do_sample": true, "top_k": 7}""");
        using T5Generator generator = T5Generator.Load(folder.Path, Precision.Fp32), plain = T5Generator.Load(Tiny, Precision.Fp32);
        Assert.Equal(new DecodingOptions { TopK = 7 }, generator.Decoding);
        Assert.Equal(new DecodingOptions(), plain.Decoding);
    }

    [Fact]
    public void An_empty_text_is_read_too()
    {
        using T5Generator generator = T5Generator.Load(Tiny, Precision.Fp32);
        Assert.Equal(3, generator.Generate([("a", "")], new DecodingOptions { MaxLength = 4 })[0].Length);
    }

    [Fact]
    public void More_texts_than_beams_are_refused()
    {
        using T5Generator generator = T5Generator.Load(Tiny, Precision.Fp32);
        DecodingOptions options = new() { Method = DecodingMethod.Beam, Beams = 2, Count = 3 };
        Assert.Contains("2 beams", Assert.Throws<GenQException>(() => generator.Generate([("a", "x")], options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_does_not_grow_from_call_to_call()
    {
        using T5Generator generator = T5Generator.Load(Tiny, Precision.Fp32);
        long Live(int calls)
        {
            for (int i = 0; i < calls; i++) generator.Generate([("a", "Python is a language."), ("b", "One.")], new DecodingOptions { MaxLength = 8 });
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        Assert.Equal(Live(2), Live(10));
    }

    private static int[][] Inputs(T5Golden golden) => [.. Rows(golden["input_ids"]).Select(row => row.Where(id => id != 0).ToArray())];

    private static int[][] Rows(Tensor tensor)
        => [.. tensor.data<long>().ToArray().Chunk((int)tensor.shape[1]).Select(row => row.Select(id => (int)id).ToArray())];

    // The reference counts the start token and pads to 20.
    private static int[] WithStart(int[] tokens) => [0, .. tokens, .. new int[19 - tokens.Length]];
}
