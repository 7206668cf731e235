using System.IO.Compression;
using System.Text.Json.Nodes;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Generation;
using GenQ.Tests.Cli;
using GenQ.Training;

namespace GenQ.Tests.Generation;

[Collection(ConsoleRun.Collection)]
public sealed class WrittenRunTests
{
    private static readonly string[] Kinds = ["question", "keywords", "in_other_words", "detail"];

    [Fact]
    public async Task A_whole_run_takes_the_queries_that_a_language_model_has_written_and_stands_beside_one_of_a_T5()
    {
        using TemporaryFolder folder = new();
        string[][] lines = [.. Lines(Shared.Company("data", "generator", "train-written.tsv.gz")).Where(line => line[0] == "rust").Take(150)];
        PassageFile.Write(folder["corpus.jsonl"], [.. lines.Select((line, i) => new Passage($"{i}", line[5]))]);
        Dictionary<string, string[]> written = lines.DistinctBy(line => line[5]).ToDictionary(line => line[5].Trim(), line => line[1..5]);
        GenQSettings settings = new()
        {
            Corpus = CorpusSource.Documents(folder["corpus.jsonl"]),
            Generator = Shared.Golden("checkpoints", "t5-tiny"),
            Base = Shared.Golden("checkpoints", "mpnet-tiny"),
            Precision = Precision.Fp32,
            Query = new QuerySettings { Passages = 100, MaxLength = 8 },
            FilterRank = 0,
            Training = new BiEncoderTrainerOptions { BatchSize = 8 },
        };

        List<string> said = [];
        using ChatQueryWriter writer = new(new StubChatClient(request => Answer(written, request)), answers: new AnswerCache(folder["answers"]));
        RunReport report = await new GenQPipeline(folder["written"], settings, new SynchronousProgress<StageProgress>(p => said.Add(p.Words))) { Writer = writer }.RunAsync();
        await new GenQPipeline(folder["t5"], settings).RunAsync();

        RunFolder run = new(folder["written"]);
        QueryPassagePair[] pairs = [.. PairFiles.Read(run.Pairs)];
        Assert.Equal(400, pairs.Length);
        Assert.All(pairs.Chunk(4), passage => Assert.Equal(written[passage[0].Passage.Trim()].Select(PairFiles.OneField), passage.Select(pair => pair.Query)));
        Assert.Equal(48, report.Comparison["adapted"].Queries.Count);
        Assert.Contains(said, line => line.Contains("the language model: ", StringComparison.Ordinal) && line.Contains("116 passages asked about", StringComparison.Ordinal));
        Assert.Contains(said, line => line.Contains("for 100 of 134 passages, spread over the corpus", StringComparison.Ordinal));

        RunsComparison comparison = RunsComparison.Measure([folder["t5"], folder["written"]]);
        Assert.Equal(["t5-tiny", "stub:parrot"], comparison.Runs.Select(compared => compared.Writer));
        Assert.Equal(["queries of t5-tiny", "queries of stub:parrot"], comparison.Sets.Select(set => set.Task));
        Assert.All(comparison.Sets, set => Assert.Equal(["bm25", "base", "hybrid(base)", "t5", "hybrid(t5)", "written", "hybrid(written)"], set.Results.Select(result => result.Model)));
        Assert.Equal(report.Comparison["adapted"].Ndcg10, comparison.Sets[1]["written"].Ndcg10, 1e-6);
        Assert.Equal(report.Comparison["base"].Ndcg10, comparison.Sets[1]["base"].Ndcg10, 1e-6);

        ConsoleRun printed = await ConsoleRun.OfAsync("", "compare", folder["t5"], folder["written"]);
        Assert.True(printed.ExitCode == 0, printed.Error);
        Assert.Contains("stub:parrot", printed.Output, StringComparison.Ordinal);
        Assert.Contains("nDCG@10, written - base: ", printed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_over_different_documents_are_not_compared()
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["a", "b"])
        {
            PassageFile.Write(folder[$"{name}.jsonl"], [.. Enumerable.Range(0, 24).Select(i => new Passage($"{i}", $"Text {i} of {name} says what to do with part {i}."))]);
            ConsoleRun made = await ConsoleRun.OfAsync(
                "", "run", folder[$"{name}.jsonl"], "-o", folder[name], "--generator", Shared.Golden("checkpoints", "t5-tiny"), "--base", Shared.Golden("checkpoints", "mpnet-tiny"), "--set", "training.batch-size=8", "filter-rank=0");
            Assert.True(made.ExitCode == 0, made.Error);
        }

        ConsoleRun result = await ConsoleRun.OfAsync("", "compare", folder["a"], folder["b"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("have read different documents", result.Error, StringComparison.Ordinal);
        Assert.Contains("Give two runs or more", (await ConsoleRun.OfAsync("", "compare", folder["a"])).Error, StringComparison.Ordinal);
        Assert.Contains("no genq.json", (await ConsoleRun.OfAsync("", "compare", folder["a"], folder["nowhere"])).Error, StringComparison.Ordinal);
    }

    private static string Answer(Dictionary<string, string[]> written, string request) => new JsonObject
    {
        ["answers"] = new JsonArray([.. StubChatClient.PassagesOf(request).Select((passage, i) => StubChatClient.Entry(i + 1, Kinds.Zip(written[passage])))]),
    }.ToJsonString();

    private static IEnumerable<string[]> Lines(string file)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return line.Split('\t');
    }
}
