namespace GenQ.Tests.Cli;

/// <summary>What a command did: its exit code and what it printed. The console is one for all, so its users are in <see cref="Collection"/>.</summary>
internal sealed record ConsoleRun(int ExitCode, string Output, string Error)
{
    public const string Collection = "Console";

    public string[] Lines => Output.Length == 0 ? [] : Output.TrimEnd('\n').Split('\n');

    /// <summary>Runs <c>genq</c> in this process.</summary>
    public static Task<ConsoleRun> OfAsync(string input, params string[] arguments) => OfAsync(input, () => GenQ.Cli.Program.RunAsync(arguments));

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
}
