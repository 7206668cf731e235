using System.CommandLine;
using System.Diagnostics;
using GenQ.Cli.Completion;

namespace GenQ.Tests.Cli;

[Collection(ConsoleRun.Collection)]
public sealed class CompletionCommandTests
{
    [Theory]
    [InlineData("se", "search serve settings")]
    [InlineData("run --prec", "--precision")]
    [InlineData("run -o runs/new --precision ", "fp32 bf16 auto")]
    [InlineData("run --set training.bat", "training.batch-size=")]
    [InlineData("run --set training.epochs = 3 query.ind", "")]
    [InlineData("run --set training.epochs=3 training.bat", "training.batch-size=")]
    [InlineData("search --by w", "words")]
    [InlineData("search --to", "--top")]
    [InlineData("search --top ", "")]
    [InlineData("completion p", "pwsh")]
    [InlineData("search runs/ma", "runs/manuals")]
    [InlineData("run --preset mini no", "notes.txt")]
    [InlineData("run --settings no", "notes.txt")]
    public async Task Bash_completes_verbs_options_values_settings_files_and_folders(string line, string expected)
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["runs", "manuals"]);
        File.WriteAllText(folder["runs", "manual.txt"], "");
        File.WriteAllText(folder["notes.txt"], "");
        string script = (await ConsoleRun.OfAsync("", "completion", "bash")).Output;
        string[] words = ["genq", .. line.Split(' ')];
        string array = string.Join(' ', words.Select(word => $"'{word}'"));
        Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(),
            (await OfAsync("bash", folder.Path, $"{script}\nCOMP_WORDS=({array}); COMP_CWORD={words.Length - 1}; _genq; printf '%s\\n' \"${{COMPREPLY[@]}}\"")).Order());
    }

    [Fact]
    public async Task A_new_verb_appears_by_itself()
    {
        RootCommand root = GenQ.Cli.Program.Root();
        root.Subcommands.Add(new Command("sensible", "Does what is sensible. It's \"quoted\": [so].") { new Option<string>("--how") { Description = "How: it's [so]." } });
        foreach ((string shell, Func<IReadOnlyList<CompletedVerb>, string> write) in ShellScript.All)
        {
            string script = write(CompletedVerb.AllOf(root));
            Assert.True(script.Contains("sensible", StringComparison.Ordinal), shell);
            Assert.True(script.Contains("how", StringComparison.Ordinal), shell);
        }

        string bash = ShellScript.All[0].Write(CompletedVerb.AllOf(root));
        Assert.Equal(["search", "sensible", "serve", "settings"], await OfAsync("bash", Path.GetTempPath(), $"{bash}\nCOMP_WORDS=(genq se); COMP_CWORD=1; _genq; printf '%s\\n' \"${{COMPREPLY[@]}}\" | sort"));
    }

    [Theory]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    [InlineData("bash", "-n")]
    public async Task A_shell_that_is_here_can_read_its_script(string shell, string check)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, shell))), $"{shell} is not installed");
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["script"], (await ConsoleRun.OfAsync("", "completion", shell)).Output);
        using Process process = Process.Start(new ProcessStartInfo(shell, [check, folder["script"]]) { RedirectStandardError = true })!;
        Assert.Equal("", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    private static async Task<string[]> OfAsync(string shell, string folder, string script)
    {
        using Process process = Process.Start(new ProcessStartInfo(shell, ["--norc", "-s"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder })!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(script);
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
