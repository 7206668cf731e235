using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using System.Text;
using GenQ.Cli.Commands;
using GenQ.Data;
using GenQ.Onnx;

namespace GenQ.Cli;

/// <summary>The <c>genq</c> command: parses, shows progress, nothing else.</summary>
internal static class Program
{
    // A question may begin with @: it names no file of arguments.
    internal static ParserConfiguration Parser { get; } = new() { ResponseFileTokenReplacer = null };

    private const int Failed = 1, WrongUsage = 2, Cancelled = 130;

    private static readonly (string Name, Func<Command> Create)[] Verbs =
    [
        ("run", RunCommand.Create),
        ("search", SearchCommand.Create),
        ("serve", ServeCommand.Create),
        ("mcp", McpCommand.Create),
        ("passages", StageCommands.Passages),
        ("generate", GenerateCommand.Create),
        ("filter", StageCommands.Filter),
        ("train", TrainCommand.Create),
        ("index", IndexCommand.Create),
        ("evaluate", EvaluateCommand.Create),
        ("report", ReportCommand.Create),
        ("compare", CompareCommand.Create),
        ("train-generator", TrainGeneratorCommand.Create),
        ("train-judge", TrainJudgeCommand.Create),
        ("distill", DistillCommand.Create),
        ("average", AverageCommand.Create),
        ("export", ExportCommand.Create),
        ("embed", EmbedCommand.Create),
        ("tokenize", TokenizeCommand.Create),
        ("download", () => DownloadCommand.Create()),
        ("settings", SettingsCommand.Create),
        ("bench", BenchCommand.Create),
        ("check", CheckCommand.Create),
        ("doctor", DoctorCommand.Create),
        ("completion", CompletionCommand.Create),
    ];

    /// <summary>Runs one command on the streams of <see cref="Console"/>.</summary>
    /// <param name="arguments">The verb and what follows it.</param>
    /// <returns>The exit code: 0 done, 1 failed, 2 wrong usage, 130 stopped; a verb may know others.</returns>
    internal static async Task<int> RunAsync(params string[] arguments)
    {
        ParseResult parsed = Root(arguments.FirstOrDefault()).Parse(arguments, Parser);
        string[] errors = [.. parsed.Errors.Select(error => error.Message), .. OptionValues.BlankTexts(parsed)];
        if (errors.Length > 0)
        {
            foreach (string error in errors) await Console.Error.WriteLineAsync($"genq: {error}");
            string verb = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
            await Console.Error.WriteLineAsync($"Try 'genq {verb}--help'.");
            return WrongUsage;
        }

        // Ctrl-C asks an asynchronous command to stop at a safe point, and ends it at once when pressed again; a synchronous
        // one ends at once. The library's own handler listens only after the first await, and most commands have none.
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration? interrupt = Listen(PosixSignal.SIGINT);
        using PosixSignalRegistration? terminate = Listen(PosixSignal.SIGTERM);
        try
        {
            InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, stop.Token);
        }
        catch (GenQException e)
        {
            await Console.Error.WriteLineAsync($"genq: {RemedyWords.Of(e)}");
            return Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What the system says of a file or a stream is for the user too: it names the file.
            await Console.Error.WriteLineAsync($"genq: {PlainLine.OfMessage(e.Message)}");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("genq: stopped; the same command goes on from here.");
            return Cancelled;
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync(
                $"genq: an error that should not happen: {e}\ngenq: please report the lines above. Work that was saved is not lost: the same command goes on from there.");
            return Failed;
        }

        PosixSignalRegistration? Listen(PosixSignal signal) => parsed.Action is not AsynchronousCommandLineAction
            ? null
            : PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = !stop.IsCancellationRequested;
                stop.Cancel();
            });
    }

    private static Task<int> Main(string[] arguments)
    {
        // UTF-8 without a byte order mark in and out, whatever the system's code page is.
        Console.InputEncoding = Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        Console.SetIn(new StreamReader(Console.OpenStandardInput(), Console.InputEncoding));

        // Who searches waits for its native library: it is loaded while the command is parsed.
        if (arguments is ["search", ..]) _ = Task.Run(() => OnnxEncoder.IsSupported);
        return RunAsync(arguments);
    }

    /// <summary>The root with all verbs.</summary>
    /// <param name="verb">Where it names a verb, this one alone is built: to build them all takes as long as a search.</param>
    internal static RootCommand Root(string? verb = null)
    {
        RootCommand root = new("Gives you a search model adapted to your documents: no labels, no Python.");
        bool isOne = Verbs.Any(known => known.Name == verb);
        foreach ((string name, Func<Command> create) in Verbs)
        {
            if (!isOne || name == verb) root.Subcommands.Add(create());
        }

        return root;
    }
}
