using System.CommandLine;
using GenQ.Cli.Commands;
using GenQ.Data;

namespace GenQ.Cli;

/// <summary>The <c>genq</c> command: parses, shows progress, nothing else.</summary>
internal static class Program
{
    private const int Failed = 1, WrongUsage = 2, Cancelled = 130;

    private static async Task<int> Main(string[] arguments)
    {
        ParseResult parsed = Root().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors) await Console.Error.WriteLineAsync($"genq: {error.Message}");
            await Console.Error.WriteLineAsync($"Try 'genq {parsed.CommandResult.Command.Name} --help'.".Replace("genq genq", "genq", StringComparison.Ordinal));
            return WrongUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (GenQException e)
        {
            await Console.Error.WriteLineAsync($"genq: {e.Message}");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("genq: stopped; the same command goes on from here.");
            return Cancelled;
        }
    }

    private static RootCommand Root() => new("Gives you a search model adapted to your documents: no labels, no Python.")
    {
        RunCommand.Create(),
        SearchCommand.Create(),
        StageCommands.Passages(),
        GenerateCommand.Create(),
        StageCommands.Filter(),
        TrainCommand.Create(),
        StageCommands.Index(),
        EvaluateCommand.Create(),
        TrainGeneratorCommand.Create(),
    };
}
