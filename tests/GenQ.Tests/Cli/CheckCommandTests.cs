using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Tests.Reporting;

namespace GenQ.Tests.Cli;

[Collection(ConsoleRun.Collection)]
public sealed class CheckCommandTests : IDisposable
{
    private readonly TinyRun _run = new();

    public CheckCommandTests()
    {
        RunRecords records = new(_run.Folder.Settings);
        foreach (string stage in (string[])["passages", "generate", "evaluate"]) records.SetFiles(stage, new RunFiles(_run.Folder).Written(stage));
        records.Save(_run.Folder.Settings);
    }

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_whole_run_is_said_to_be_whole()
    {
        ConsoleRun check = await ConsoleRun.OfAsync("", "check", _run.Folder.Path);
        Assert.Equal(0, check.ExitCode);
        Assert.EndsWith(" files are whole.\n", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_damaged_is_named_with_what_is_to_be_done_and_the_exit_code_is_1()
    {
        File.AppendAllText(_run.Folder.Passages, "\n");
        ConsoleRun check = await ConsoleRun.OfAsync("", "check", _run.Folder.Path);
        Assert.Equal(1, check.ExitCode);
        Assert.Contains("✗ damaged 'passages.jsonl' of the stage 'passages' is damaged or changed: ", check.Output, StringComparison.Ordinal);
        Assert.Contains($"or delete '{_run.Folder.Passages}', and the documents are read again.", check.Output, StringComparison.Ordinal);
        ConsoleRun repair = await ConsoleRun.OfAsync("", "check", _run.Folder.Path, "--repair");
        Assert.Equal(1, repair.ExitCode);
        Assert.True(File.Exists(_run.Folder.Passages));
    }

    [Fact]
    public async Task Pairs_that_people_have_changed_are_told_and_no_damage()
    {
        File.AppendAllText(PairFiles.Path(_run.Folder.Pairs, 0), "a pump\tPumps");
        ConsoleRun check = await ConsoleRun.OfAsync("", "check", _run.Folder.Path);
        Assert.Equal(0, check.ExitCode);
        Assert.Contains("'pairs/pairs_0000.tsv' was changed since the stage 'generate' wrote it", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repair_takes_away_what_is_made_anew_and_says_by_what()
    {
        File.WriteAllText(_run.Folder.Report, "{");
        ConsoleRun repair = await ConsoleRun.OfAsync("", "check", _run.Folder.Path, "--repair", "--json");
        JsonNode said = JsonNode.Parse(repair.Output)!;
        Assert.False(File.Exists(_run.Folder.Report));
        Assert.Equal(["evaluate"], said["to_run"]!.AsArray().Select(stage => stage!.GetValue<string>()));
        JsonNode finding = Assert.Single(said["findings"]!.AsArray())!;
        Assert.Equal(("report/report.json", "damaged"), (finding["file"]!.GetValue<string>(), finding["state"]!.GetValue<string>()));
        ConsoleRun check = await ConsoleRun.OfAsync("", "check", _run.Folder.Path);
        Assert.Contains($"Run 'genq evaluate {_run.Folder.Path}': it makes anew what is not there.", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_worked_on_is_not_repaired()
    {
        using RunLock held = RunLock.Take(_run.Folder, "train");
        Assert.Contains("Another process works on the run", (await ConsoleRun.OfAsync("", "check", _run.Folder.Path, "--repair")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_record_is_no_run()
    {
        File.Delete(_run.Folder.Settings);
        ConsoleRun check = await ConsoleRun.OfAsync("", "check", _run.Folder.Path);
        Assert.Equal(1, check.ExitCode);
        Assert.Contains("has no genq.json", check.Error, StringComparison.Ordinal);
    }
}
