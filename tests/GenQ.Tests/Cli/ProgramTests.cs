using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;

namespace GenQ.Tests.Cli;

[Collection(ConsoleRun.Collection)]
public sealed class ProgramTests
{
    [Theory]
    [InlineData("doctor")]
    [InlineData("download")]
    [InlineData("embed")]
    [InlineData("tokenize")]
    [InlineData("train-generator")]
    public async Task Help_lists_each_verb_with_a_sentence(string verb)
    {
        ConsoleRun run = await ConsoleRun.OfAsync("", "--help");
        Assert.Equal(0, run.ExitCode);
        string line = Assert.Single(run.Lines, line => line.Trim().Split(' ')[0] == verb);
        Assert.True(line.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries).Length > 4, line);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("embed", "--help")]
    [InlineData("doctor", "--what")]
    public async Task Only_what_computes_loads_torch(params string[] arguments)
    {
        GenQFolder context = new();
        MethodInfo run = context.LoadFromAssemblyName(typeof(GenQ.Cli.Program).Assembly.GetName()).GetType("GenQ.Cli.Program", true)!
            .GetMethod(nameof(GenQ.Cli.Program.RunAsync), BindingFlags.Static | BindingFlags.NonPublic)!;
        await ConsoleRun.OfAsync("", () => (Task<int>)run.Invoke(null, [arguments])!);
        Assert.Contains("System.CommandLine", context.Assemblies.Select(assembly => assembly.GetName().Name));
        Assert.DoesNotContain("TorchSharp", context.Assemblies.Select(assembly => assembly.GetName().Name));
    }

    [Theory]
    [InlineData("Try 'genq embed --help'.", "embed", "--model", "somewhere", "--what")]
    [InlineData("Try 'genq embed --help'.", "embed")]
    [InlineData("Try 'genq embed --help'.", "embed", "--model", "somewhere", "--as", "song")]
    [InlineData("Try 'genq embed --help'.", "embed", "--model", "somewhere", "--batch-size", "0")]
    [InlineData("Try 'genq --help'.", "--what")]
    public async Task Wrong_usage_is_exit_code_2_and_a_message(string hint, params string[] arguments)
    {
        ConsoleRun run = await ConsoleRun.OfAsync("", arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("genq: ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith(hint + "\n", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("embed")]
    [InlineData("tokenize")]
    public async Task A_missing_model_folder_is_exit_code_1_and_a_message(string verb)
    {
        using TemporaryFolder folder = new();
        ConsoleRun run = await ConsoleRun.OfAsync("text\n", verb, "--model", folder["missing"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(folder["missing"], run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_packed_file_is_told_to_be_cut_off_even_where_its_last_bytes_look_like_its_length()
    {
        using TemporaryFolder folder = new();
        using MemoryStream packed = new();
        await using (GZipStream zip = new(packed, CompressionLevel.NoCompression, leaveOpen: true))
        {
            for (int part = 0; part < 2; part++)
            {
                zip.Write(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("Some words that say something. ", 10))));
                zip.Flush();
            }
        }

        // Between two parts stands an empty block, of 00 00 00 FF FF.
        byte[] bytes = packed.ToArray();
        int block = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0, 0, 0, 0xFF, 0xFF]);
        await File.WriteAllBytesAsync(folder["words.txt.gz"], bytes[..(block + 3)]);
        using Process process = Process.Start(ConsoleRun.Program("passages", folder["words.txt.gz"], "-o", folder["run"]))!;
        process.StandardInput.Close();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("is cut off: fetch it again", error, StringComparison.Ordinal);
    }

    /// <summary>Loads the command once more, apart from what the tests have loaded.</summary>
    private sealed class GenQFolder() : AssemblyLoadContext("genq")
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string file = Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll");
            return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }

    // One verb alone is built where it is named first: it must be the same one.
    [Fact]
    public void Every_verb_is_built_under_its_own_name()
        => Assert.All(GenQ.Cli.Program.Root().Subcommands, command => Assert.Equal(command.Name, Assert.Single(GenQ.Cli.Program.Root(command.Name).Subcommands).Name));
}
