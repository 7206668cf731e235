using GenQ.ChatClients;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Generation;
using GenQ.Retrieval;
using GenQ.Training;
using Microsoft.Extensions.AI;

namespace GenQ.ConsumerTests;

public sealed class OwnReaderAndWriterTests : IDisposable
{
    private static readonly string[] Parts = ["pump", "valve", "boiler", "gasket", "crane", "sluice", "weir", "motor", "filter", "gauge", "flange", "lever"];

    private readonly string _folder = Directory.CreateTempSubdirectory("genq-consumer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_whole_run_reads_with_a_reader_and_asks_with_a_writer_that_GenQ_does_not_know()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "docs"));
        foreach (string part in Parts)
            File.WriteAllText(Path.Combine(_folder, "docs", $"{part}.note"), $"The {part}: It is oiled every week, and its {part} lamp shows when the pressure falls.\n");
        string run = Path.Combine(_folder, "run");
        RunReport report = await Pipeline(run).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["bm25", "base", "hybrid(base)", "adapted", "hybrid"], report.Comparison.Results.Select(result => result.Model));
        Assert.Contains("how does The pump work", PairFiles.Read(new RunFolder(run).Pairs).Concat(PairFiles.Read(new RunFolder(run).HeldOutPairs)).Select(pair => pair.Query));
        using RunSearcher searcher = RunSearcher.Open(new RunFolder(run), RunEncoder.Open(new RunFolder(run)));
        Assert.Equal("The crane", searcher.Search("crane lamp", top: 1, SearchMode.Words).Hits[0].Passage.Title);

        // The writer is part of what the run is: another one's queries are not mixed in.
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => new GenQPipeline(run) { Readers = [new NoteReader()] }.GenerateQueriesAsync(TestContext.Current.CancellationToken));
        Assert.Contains("writer was titles, 3 forms, is now not set", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_was_stopped_goes_on_with_the_same_reader_and_writer()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "docs"));
        foreach (string part in Parts) File.WriteAllText(Path.Combine(_folder, "docs", $"{part}.note"), $"The {part}: It is oiled every week.\n");
        string whole = Path.Combine(_folder, "whole"), stopped = Path.Combine(_folder, "stopped");
        await Pipeline(whole).RunAsync(TestContext.Current.CancellationToken);
        await Pipeline(stopped).MakePassagesAsync(TestContext.Current.CancellationToken);
        await Pipeline(stopped).GenerateQueriesAsync(TestContext.Current.CancellationToken);
        await Pipeline(stopped).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "model", "model.safetensors")), File.ReadAllBytes(Path.Combine(stopped, "model", "model.safetensors")));
    }

    [Fact]
    public async Task A_chat_client_of_ones_own_writes_the_queries_of_a_whole_run()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "docs"));
        foreach (string part in Parts) File.WriteAllText(Path.Combine(_folder, "docs", $"{part}.note"), $"The {part}: This {part} is oiled every week.\n");
        AnswerCache answers = new(Path.Combine(_folder, "answers"));
        using ChatQueryWriter writer = new(new FirstWordsChatClient(), new ChatWriterOptions { Audience = "mechanics" }, "question=1,keywords=1", answers);
        await Pipeline(Path.Combine(_folder, "run"), writer).RunAsync(TestContext.Current.CancellationToken);
        string[] queries = [.. PairFiles.Read(new RunFolder(Path.Combine(_folder, "run")).Pairs).Select(pair => pair.Query)];
        Assert.Equal(2 * 11, queries.Length);
        Assert.All(queries.Chunk(2), asked => Assert.Equal(asked[0], $"how is {asked[1]} kept"));
    }

    [Fact]
    public void A_service_of_a_language_model_is_opened_by_its_name_alone()
    {
        using IChatClient client = ChatServices.Open(ChatService.Parse("ollama:qwen3:8b"));
        ChatClientMetadata about = client.GetService<ChatClientMetadata>()!;
        Assert.Equal(("qwen3:8b", true), (about.DefaultModelId, about.ProviderUri!.IsLoopback));
    }

    private GenQPipeline Pipeline(string run, IQueryWriter? writer = null) => new(run, new GenQSettings
    {
        Corpus = CorpusSource.Documents(Path.Combine(_folder, "docs")),
        Base = Checkpoint("mpnet-tiny"),
        Generator = Checkpoint("t5-tiny"),
        Precision = Precision.Fp32,
        FilterRank = 0,
        Training = new BiEncoderTrainerOptions { BatchSize = 4 },
    })
    {
        Readers = [new NoteReader()],
        Writer = writer ?? new TitleQueryWriter(),
    };

    private static string Checkpoint(string name)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "GenQ.slnx"))) folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder!, "tests", "Golden", "checkpoints", name);
    }
}
