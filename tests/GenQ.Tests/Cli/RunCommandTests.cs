using System.Text.Json;
using GenQ.Data;
using GenQ.Generation;
using GenQ.Training;

namespace GenQ.Tests.Cli;

[Collection(ConsoleRun.Collection)]
public sealed class RunCommandTests
{
    private static readonly string T5 = Shared.Golden("checkpoints", "t5-tiny"), Mpnet = Shared.Golden("checkpoints", "mpnet-tiny");

    [Fact]
    public async Task A_run_ends_with_one_json_object_and_can_be_searched_and_measured()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["docs"]);
        for (int i = 0; i < 24; i++) File.WriteAllText(folder["docs", $"{i}.txt"], $"Text number {i} says what is to be done with part {i}.");
        string[] run = ["run", folder["docs"], "-o", folder["run"], "--generator", T5, "--base", Mpnet, "--set", "training.batch-size=8", "filter-rank=0", "--precision", "fp32", "--json"];
        ConsoleRun result = await ConsoleRun.OfAsync("", run);
        Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument report = JsonDocument.Parse(Assert.Single(result.Lines));
        Assert.Equal("generated", report.RootElement.GetProperty("kind").GetString());
        Assert.Equal(3, report.RootElement.GetProperty("difference").GetProperty("adapted - base").GetArrayLength());
        Assert.Equal(["bm25", "base", "hybrid(base)", "adapted", "hybrid"], report.RootElement.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("model").GetString()));

        ConsoleRun search = await ConsoleRun.OfAsync("", "search", folder["run"], "what to do with part 7", "--by", "words", "--top", "1");
        Assert.Contains("7.txt", search.Output, StringComparison.Ordinal);
        ConsoleRun evaluate = await ConsoleRun.OfAsync("", "evaluate", folder["run"], "--json");
        Assert.Equal(report.RootElement.GetProperty("results").ToString(), JsonDocument.Parse(evaluate.Output).RootElement.GetProperty("results").ToString());
        ConsoleRun other = await ConsoleRun.OfAsync("", [.. run, "--queries", "2"]);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("run with other settings", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_notices_when_a_document_has_changed_or_is_new_but_not_when_another_file_has()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.txt"], "One text.");
        string[] passages = ["passages", folder.Path, "-o", folder["run"], "--base", Path.GetRelativePath(Environment.CurrentDirectory, Mpnet)];
        Assert.Equal(0, (await ConsoleRun.OfAsync("", passages)).ExitCode);
        Assert.Equal(Mpnet, new RunLedger(folder["run", "genq.json"]).Settings.Base);
        File.WriteAllText(folder["a.unread"], "Nobody reads this.");
        File.WriteAllText(folder["run", "README.md"], "What the run itself has written.");
        Assert.Equal(0, (await ConsoleRun.OfAsync("", passages)).ExitCode);

        foreach (string file in (string[])["a.txt", "b.txt"])
        {
            string? before = File.Exists(folder[file]) ? File.ReadAllText(folder[file]) : null;
            File.WriteAllText(folder[file], "Another text.");
            ConsoleRun changed = await ConsoleRun.OfAsync("", passages);
            Assert.Equal(1, changed.ExitCode);
            Assert.Contains("inputs: documents was 1 (", changed.Error, StringComparison.Ordinal);
            if (before is not null) File.WriteAllText(folder[file], before);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("texts")]
    public async Task Documents_in_the_run_folder_are_read_and_their_changes_noticed(string below)
    {
        using TemporaryFolder folder = new();
        string docs = Path.Combine(folder["run"], below);
        Directory.CreateDirectory(docs);
        File.WriteAllText(Path.Combine(docs, "a.txt"), "One text.");
        string[] passages = ["passages", docs, "-o", folder["run"], "--base", Mpnet];
        Assert.Equal(0, (await ConsoleRun.OfAsync("", passages)).ExitCode);
        Assert.Equal("a.txt", Assert.Single(PassageFile.Read(folder["run", "passages.jsonl"])).Origin!.Source);
        Assert.Equal(0, (await ConsoleRun.OfAsync("", passages)).ExitCode);
        File.WriteAllText(Path.Combine(docs, "a.txt"), "Another text.");
        Assert.Contains("documents was 1 (", (await ConsoleRun.OfAsync("", passages)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_on_which_another_process_works_is_left_alone()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.txt"], "One text.");
        Directory.CreateDirectory(folder["run"]);
        using FileStream held = new(folder["run", "genq.lock"], FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        ConsoleRun second = await ConsoleRun.OfAsync("", "passages", folder["a.txt"], "-o", folder["run"], "--base", Mpnet);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("Another process works on the run", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_that_begins_with_an_at_sign_is_a_question()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["Transactional"], "--top 3");
        ConsoleRun search = await ConsoleRun.OfAsync("", "search", folder["run"], $"@{folder["Transactional"]} annotation");
        Assert.Equal(1, search.ExitCode);
        Assert.Contains("has no model", search.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_done()
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["docs/a.txt", "docs/b.txt", "docs/c.txt"])
        {
            Directory.CreateDirectory(folder["docs"]);
            File.WriteAllText(folder[name], $"One text, {name}.");
        }

        string[] run = ["run", folder["docs"], "-o", folder["run"], "--base", Mpnet, "--set", "training.batch-size=2", "--dry-run"];
        ConsoleRun result = await ConsoleRun.OfAsync("", [.. run, "--generator", T5, "--set", "training.queries-together=1", "training.epochs=3"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("3 documents, 3 passages: would write 6 queries", result.Error, StringComparison.Ordinal);
        Assert.Contains("in at most 9 steps", result.Error, StringComparison.Ordinal);
        Assert.Contains("in at most 12 steps", (await ConsoleRun.OfAsync("", [.. run, "--set", "training.queries-together=1", "training.epochs=2"])).Error, StringComparison.Ordinal);
        Assert.Contains("in at most 9 steps, about 0 with what the filter leaves", result.Error, StringComparison.Ordinal);
        Assert.Contains("in at most 6 steps, about 6 with what the filter leaves", (await ConsoleRun.OfAsync("", [.. run, "--generator", T5, "--set", "training.queries-together=1", "filter=false"])).Error, StringComparison.Ordinal);
        Assert.Contains("in at most 2 steps", (await ConsoleRun.OfAsync("", [.. run, "--set", "training.queries-together=1", "training.epochs=2", "training.max-steps=2"])).Error, StringComparison.Ordinal);
        Assert.Matches(@"train: about \d+ s, up to \d\.\d GB", result.Error);
        Assert.Contains("in all: about", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run", "pairs"]));
    }

    [Fact]
    public async Task How_a_preset_writes_is_for_its_own_generator_and_how_it_trains_for_any_base()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.txt"], "One text.");
        await ConsoleRun.OfAsync("", "run", folder["a.txt"], "-o", folder["mini"], "--dry-run");
        await ConsoleRun.OfAsync("", "run", folder["a.txt"], "-o", folder["other"], "--generator", T5, "--base", Mpnet, "--dry-run");
        await ConsoleRun.OfAsync("", "run", folder["a.txt"], "-o", folder["own"], "--queries", "4", "--dry-run", "--set", "query.temperature=2",
            "query.crops=1", "training.labels=soft", "training.neighbours=2", "training.queries-together=3", "training.epochs=2", "training.max-steps=9");
        await ConsoleRun.OfAsync("", "run", folder["a.txt"], "-o", folder["few"], "--queries", "3", "--dry-run");
        Assert.Equal((0.6, 6, 0, LabelKind.Hard, 4, (8, 2, 200)), Chosen("mini"));
        Assert.Equal((1, 3, 0, LabelKind.Hard, 4, (8, 2, 200)), Chosen("other"));
        Assert.Equal((2, 4, 1, LabelKind.Soft, 2, (3, 2, 9)), Chosen("own"));
        Assert.Equal((0.6, 3, 0, LabelKind.Hard, 4, (8, 2, 200)), Chosen("few"));
        Assert.NotEqual(Chosen("mini"), Chosen("other"));
        Assert.Equal(new BiEncoderTrainerOptions(), Preset.Published.Training);
        Assert.Equal(50, new RunLedger(folder["mini", "genq.json"]).Settings.Training.CheckpointEvery);

        (double Temperature, int Queries, int Crops, LabelKind Labels, int Neighbours, (int Together, int Epochs, int? MaxSteps) Steps) Chosen(string run)
        {
            GenQSettings settings = new RunLedger(folder[run, "genq.json"]).Settings;
            QueryMixture mixture = QueryMixture.Of(settings, null);
            BiEncoderTrainerOptions training = settings.Training;
            return (
                ((T5QueryWriter)mixture.Writer).Options.Temperature, mixture.Count, mixture.Crops, training.Labels, training.Neighbours,
                (training.QueriesTogether, training.Epochs, training.MaxSteps));
        }
    }

    [Fact]
    public async Task The_help_of_run_fits_a_screen_of_40_lines_of_80()
    {
        const int width = 80, options = 23;
        string[] lines = (await ConsoleRun.OfAsync("", "run", "--help")).Output.TrimEnd().Split('\n');

        // What does not fit is broken behind its column of options, or of arguments.
        int broken = lines.Count(line => line.Length > width), room = width - options;
        Assert.InRange(lines.Length + broken, 20, 40);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width + room));
    }

    [Theory]
    [InlineData("search nowhere question", "has no model")]
    [InlineData("evaluate nowhere", "no genq.json")]
    [InlineData("generate --text words --model nowhere", "neither a folder")]
    public async Task Wrong_input_is_explained(string command, string words)
    {
        using TemporaryFolder folder = new();
        string[] arguments = [.. command.Split(' ').Select(word => word is "nowhere" ? folder[word] : word)];
        ConsoleRun result = await ConsoleRun.OfAsync("", arguments);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run -o out", "Give either documents")]
    [InlineData("train pairs.tsv --base model", "--output")]
    [InlineData("generate", "Give either a run folder, or --text")]
    public async Task Wrong_usage_has_its_own_exit_code(string command, string words)
    {
        ConsoleRun result = await ConsoleRun.OfAsync("", command.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_text_gets_its_queries_on_the_screen()
    {
        ConsoleRun result = await ConsoleRun.OfAsync("", "generate", "--model", T5, "--text", "Python is a language.", "--method", "greedy", "--count", "1", "--max-length", "8");
        Assert.Equal(0, result.ExitCode);
        Assert.Single(result.Lines);
    }
}
