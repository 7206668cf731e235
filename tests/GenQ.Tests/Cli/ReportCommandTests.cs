using GenQ.Tests.Reporting;

namespace GenQ.Tests.Cli;

[Collection(ConsoleRun.Collection)]
public sealed class ReportCommandTests : IDisposable
{
    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task The_path_of_the_page_is_printed_and_the_page_holds_the_command_that_makes_the_run_again()
    {
        ConsoleRun report = await ConsoleRun.OfAsync("", "report", _run.Folder.Path);
        Assert.Equal((0, _run.Folder.ReportPage + "\n"), (report.ExitCode, report.Output));
        Assert.Contains($"<code>genq run manuals -o {_run.Folder.Path} --seed 7</code>", await File.ReadAllTextAsync(_run.Folder.ReportPage), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_has_not_been_measured_is_told_what_measures_it()
    {
        File.Delete(_run.Folder.Report);
        ConsoleRun report = await ConsoleRun.OfAsync("", "report", _run.Folder.Path);
        Assert.Equal(1, report.ExitCode);
        Assert.EndsWith($"has not been measured yet, so there is nothing to report. Run 'genq evaluate {_run.Folder.Path}' first.\n", report.Error, StringComparison.Ordinal);
    }
}
