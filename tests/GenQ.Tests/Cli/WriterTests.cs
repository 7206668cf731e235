using System.Text.Json;
using GenQ.Data;
using GenQ.Tests.ChatClients;
using GenQ.Tests.Generation;
using GenQ.Training;

namespace GenQ.Tests.Cli;

[Collection(ConsoleRun.Collection)]
public sealed class WriterTests : IDisposable
{
    private static readonly string Mpnet = Shared.Golden("checkpoints", "mpnet-tiny");

    private readonly TemporaryFolder _folder = new();
    private readonly ChatServer _server = new(StubChatClient.Sound);
    private readonly string? _cache = Environment.GetEnvironmentVariable("GENQ_CACHE");

    public WriterTests() => Environment.SetEnvironmentVariable("GENQ_CACHE", _folder["cache"]);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("GENQ_CACHE", _cache);
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_run_whose_queries_a_language_model_writes_is_gone_on_with_from_its_folder_alone_and_says_what_it_used()
    {
        string[] run = Run();
        ConsoleRun dry = await ConsoleRun.OfAsync("", [.. run, "--dry-run", "--set", "chat.price-in=2", "chat.price-out=10"]);
        Assert.True(dry.ExitCode == 0, dry.Error);
        Assert.Contains("queries with openai:parrot and", dry.Error, StringComparison.Ordinal);
        Assert.Contains("16 passages are still to be asked about, in about 4 calls: 480 tokens in and 120 out, at these prices 0.00", dry.Error, StringComparison.Ordinal);
        Assert.Equal(2, _server.Calls.Count);

        ConsoleRun passages = await ConsoleRun.OfAsync("", ["passages", .. run[1..]]);
        Assert.True(passages.ExitCode == 0, passages.Error);
        ConsoleRun generate = await ConsoleRun.OfAsync("", "generate", _folder["run"]);
        Assert.True(generate.ExitCode == 0, generate.Error);
        Assert.Contains("the language model: 5 calls, 600 tokens in, 150 out; 16 passages asked about, 8 answered before", generate.Error, StringComparison.Ordinal);
        Assert.Equal(5, JsonDocument.Parse(File.ReadAllText(_folder["run", "writer.json"])).RootElement.GetProperty("calls").GetInt32());

        ConsoleRun whole = await ConsoleRun.OfAsync("", run);
        Assert.True(whole.ExitCode == 0, whole.Error);
        GenQSettings settings = new RunLedger(_folder["run", "genq.json"]).Settings;
        Assert.Equal((LabelKind.Hard, 0.4, 1000), (settings.Training.Labels, settings.Training.BaseShare, settings.Query.Passages));
        Assert.Contains(PairFiles.ReadOrigins(PairFiles.OriginsPath(_folder["run", "pairs"], 0)), origin => origin.Task == "in other words");
    }

    [Fact]
    public async Task A_flag_stands_over_what_suits_a_language_model()
    {
        Assert.Equal(0, (await ConsoleRun.OfAsync("", ["passages", .. Run()[1..], "--set", "training.base-share=0.1", "training.labels=soft", "query.passages=7"])).ExitCode);
        GenQSettings settings = new RunLedger(_folder["run", "genq.json"]).Settings;
        Assert.Equal((LabelKind.Soft, 0.1, 7), (settings.Training.Labels, settings.Training.BaseShare, settings.Query.Passages));
    }

    [Fact]
    public async Task One_text_gets_its_queries_by_a_language_model()
    {
        ConsoleRun result = await ConsoleRun.OfAsync("", "generate", "--text", "a pump", "--writer", "openai:parrot", "--writer-url", $"{_server.Address}v1", "--audience", "nurses");
        Assert.Equal(["question of a pump", "keywords of a pump", "in_other_words of a pump", "detail of a pump"], result.Lines);
        Assert.Contains("Who searches: nurses", _server.Calls.Single().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_passages_leave_the_machine_only_with_yes()
    {
        string[] generate = ["generate", "--text", "a pump", "--writer", "openai:parrot", "--writer-url", "http://genq.invalid:1/v1"];
        ConsoleRun refused = await ConsoleRun.OfAsync("", generate);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("will leave this machine: openai:parrot at genq.invalid gets them", refused.Error, StringComparison.Ordinal);
        Assert.Contains("agree with --yes", refused.Error, StringComparison.Ordinal);
        ConsoleRun agreed = await ConsoleRun.OfAsync("", [.. generate, "--yes"]);
        Assert.Contains("it cannot be reached", agreed.Error, StringComparison.Ordinal);
        Assert.Contains("--writer-url", agreed.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("parrot", "names no language model")]
    [InlineData("openai:parrot", "there is no such model")]
    public async Task A_model_that_is_none_is_told_with_the_flag_that_mends_it(string writer, string words)
    {
        using ChatServer other = new((ChatServer.Call _) => ChatServer.Error(404, "The model does not exist."));
        ConsoleRun result = await ConsoleRun.OfAsync("", "generate", "--text", "a pump", "--writer", writer, "--writer-url", $"{other.Address}v1");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.Contains("--writer", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    private string[] Run()
    {
        Directory.CreateDirectory(_folder["docs"]);
        for (int i = 0; i < 24; i++) File.WriteAllText(_folder["docs", $"{i}.txt"], $"Text number {i} tells of part {i}.");
        return ["run", _folder["docs"], "-o", _folder["run"], "--base", Mpnet, "--writer", "openai:parrot", "--writer-url", $"{_server.Address}v1", "--precision", "fp32", "--set", "training.batch-size=8"];
    }
}
