using System.Text.Json.Nodes;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Generation;
using GenQ.Models;
using GenQ.Tests.Judges;

namespace GenQ.Tests.Generation;

[Collection(TorchRandomCollection.Name)]
public sealed class T5QueryWriterTests
{
    private static readonly string T5 = Shared.Golden("checkpoints", "t5-tiny");

    private static readonly Passage[] Passages = [.. Enumerable.Range(0, 100).Select(i => new Passage($"p{i}", $"Passage {i} speaks of ships."))];

    [Fact]
    public async Task A_query_that_repeats_another_of_its_passage_is_drawn_anew_and_the_others_stay()
    {
        // So cold that every draw is about the likeliest token: the three of a passage mostly repeat one another.
        DecodingOptions cold = new() { MaxLength = 4, Temperature = 0.05 };
        using T5QueryWriter writer = new(T5, cold, Precision.Fp32);
        using T5Generator plain = T5Generator.Load(T5, Precision.Fp32);
        PassageQueries[] all = await writer.WriteAsync(new QueryRequest(Passages, 3)).OrderBy(of => of.Passage).ToArrayAsync();
        string[][] written = [.. all.Select(of => of.Queries.Select(query => query.Text).ToArray())];
        string[][] once = [.. plain.Generate([.. Passages.Select(p => (p.Id, p.SearchText))], cold).Select(queries => queries.Select(query => query.Text).ToArray())];
        Assert.InRange(Repeated(once), 20, 299);
        Assert.InRange(Repeated(written), 0, Repeated(once) / 2);
        for (int i = 0; i < once.Length; i++)
        {
            Assert.Equal(once[i].Distinct(), written[i].Where((_, j) => Array.IndexOf(once[i], once[i][j]) == j));
        }

        static int Repeated(string[][] queries) => queries.Sum(of => of.Length - of.Distinct().Count());
    }

    [Fact]
    public void One_text_gets_as_many_queries_as_the_options_say_also_after_the_network_was_freed()
    {
        using T5QueryWriter writer = new(T5, new DecodingOptions { MaxLength = 4, Count = 5 });
        Assert.Equal(5, writer.Write("Python is a language.").Count);
        writer.Dispose();
        Assert.Equal(5, writer.Write("Python is a language.").Count);
    }

    [Fact]
    public async Task Kinds_are_written_in_turn_each_behind_its_prefix_and_each_query_says_its_own()
    {
        using TemporaryFolder folder = new();
        foreach (string file in Directory.GetFiles(T5)) File.Copy(file, folder[Path.GetFileName(file)]);
        JsonObject config = JsonNode.Parse(File.ReadAllText(folder["config.json"]))!.AsObject();
        config["task_specific_params"] = JsonNode.Parse(
            """{"question": {"prefix": "question: ", "num_return_sequences": 2}, "keywords": {"prefix": "words: ", "num_return_sequences": 1}}""");
        File.WriteAllText(folder["config.json"], config.ToJsonString());
        DecodingOptions options = new() { MaxLength = 6 };
        using T5QueryWriter writer = new(folder.Path, options, Precision.Fp32), words = new(folder.Path, options, Precision.Fp32, kinds: "keywords=1");
        using T5Generator plain = T5Generator.Load(T5, Precision.Fp32);
        PassageQueries written = await writer.WriteAsync(new QueryRequest(Passages[..1], 3)).SingleAsync();
        Assert.Equal(["question", "keywords", "question"], written.Queries.Select(query => query.Task));
        GeneratedText[] alone = plain.Generate([("words: p0", "words: " + Passages[0].SearchText)], options with { Count = 1 })[0];
        Assert.Equal(alone.Single().Text, written.Queries[1].Text);
        Assert.Equal(alone.Single().Text, (await words.WriteAsync(new QueryRequest(Passages[..1], 1)).SingleAsync()).Queries.Single().Text);
        Assert.Equal(("question=2,keywords=1", "keywords=1"), (writer.Identity["kinds"], words.Identity["kinds"]));
        using T5QueryWriter one = new(T5);
        Assert.DoesNotContain("kinds", one.Identity.Keys);
    }

    [Fact]
    public void A_judge_keeps_of_the_candidates_those_that_it_finds_most_like_a_persons()
    {
        using TemporaryFolder folder = new();
        TinyJudge.Create(folder.Path);
        DecodingOptions options = new() { MaxLength = 6, Count = 2, Candidates = 4 };
        using T5QueryWriter writer = new(T5, options, Precision.Fp32, judge: folder.Path, judgeThreshold: 0), strict = new(T5, options, Precision.Fp32, judge: folder.Path, judgeThreshold: 1);
        using T5Generator plain = T5Generator.Load(T5, Precision.Fp32);
        using QueryJudge judge = QueryJudge.Load(folder.Path, Precision.Fp32);
        string text = "Python is a language.";
        string[] drawn = [.. plain.Generate([($"{text} 0", text)], options with { Count = 8, Candidates = 1 })[0].Select(query => query.Text.Trim())];
        string[] best = [.. drawn.Zip(judge.Judge([(text, drawn)])[0]).OrderByDescending(query => query.Second).Select(query => query.First).Distinct().Take(2)];
        Assert.Equal(best, writer.Write(text).Select(query => query.Text.Trim()));
        Assert.NotEqual(drawn[..2], best);
        Assert.Equal(["", ""], strict.Write(text).Select(query => query.Text));
        Assert.Matches("^[0-9a-f]{16}, threshold 0$", writer.Identity["judge"]);
    }

    [Fact]
    public void A_judged_query_is_written_of_a_window_and_each_window_gives_its_best_first()
    {
        using TemporaryFolder folder = new();
        TinyJudge.Create(folder.Path);
        DecodingOptions options = new() { MaxLength = 6, Count = 2, Candidates = 2, WindowWords = 4 };
        using T5QueryWriter writer = new(T5, options, Precision.Fp32, judge: folder.Path, judgeThreshold: 0);
        using T5Generator plain = T5Generator.Load(T5, Precision.Fp32);
        using QueryJudge judge = QueryJudge.Load(folder.Path, Precision.Fp32);
        string first = "Python is a language.", second = "Ships sail on the sea.", text = $"{first} {second}";
        (string, double)[] best = [.. plain.Generate([($"{text} 0", first), ($"{text} 1", second)], options with { Candidates = 1 }).Select(queries =>
        {
            string[] drawn = [.. queries.Select(query => query.Text.Trim())];
            return drawn.Zip(judge.Judge([(text, drawn)])[0]).MaxBy(query => query.Second);
        })];
        Assert.Equal(best.OrderByDescending(query => query.Item2).Select(query => query.Item1), writer.Write(text).Select(query => query.Text.Trim()));
    }

    [Fact]
    public void Its_identity_names_the_model_and_what_decides_its_draws_but_neither_speed_nor_count()
    {
        IReadOnlyDictionary<string, string> identity = new T5QueryWriter(T5, new DecodingOptions { TopK = 7, Seed = 3 }, Precision.Fp32, int8Weights: true).Identity;
        Assert.Equal(("7", "3", "fp32, int8"), (identity["top k"], identity["seed"], identity["precision"]));
        Assert.Matches("^[0-9a-f]{16}$", identity["generator"]);
        Assert.Empty(identity.Keys.Intersect(["count", "batch size"]));
    }
}
