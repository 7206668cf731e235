using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GenQ.Tests.Cli;

/// <summary>What a command did. There is one console for all tests, so those that use it are in <see cref="Collection"/>.</summary>
internal sealed record ConsoleRun(int ExitCode, string Output, string Error)
{
    public const string Collection = "Console";

    public string[] Lines => Output.Length == 0 ? [] : Output.TrimEnd('\n').Split('\n');

    /// <summary>Runs <c>genq</c> in this process.</summary>
    public static Task<ConsoleRun> OfAsync(string input, params string[] arguments)
        => OfAsync(input, () => GenQ.Cli.Program.RunAsync(arguments));

    /// <summary>Runs anything that uses the console.</summary>
    public static async Task<ConsoleRun> OfAsync(string input, Func<Task<int>> run)
    {
        (TextReader oldInput, TextWriter oldOutput, TextWriter oldError) = (Console.In, Console.Out, Console.Error);
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        try
        {
            Console.SetIn(new StringReader(input));
            Console.SetOut(output);
            Console.SetError(error);
            return new ConsoleRun(await run(), output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetIn(oldInput);
            Console.SetOut(oldOutput);
            Console.SetError(oldError);
        }
    }

    /// <summary>What starts <c>genq</c> as a process of its own, for what only the real program has: its runtime's settings, its bytes.</summary>
    public static ProcessStartInfo Program(params IEnumerable<string> arguments)
    {
        string host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, "GenQ.Cli.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }
}
