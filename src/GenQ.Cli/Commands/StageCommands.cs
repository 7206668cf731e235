using System.CommandLine;

namespace GenQ.Cli.Commands;

/// <summary>The stages of a run, one verb each: <c>passages</c> begins a run, the others go on with it.</summary>
internal static class StageCommands
{
    public static Command Passages()
    {
        RunOptions options = new();
        Command command = new("passages", "Begins a run: reads the documents and splits them into passages.");
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            using Terminal terminal = new();
            await new GenQPipeline(options.Output(parsed), options.Settings(parsed), terminal.Stages()).MakePassagesAsync(cancellation);
            return 0;
        });
        return command;
    }

    public static Command Filter()
    {
        Argument<string> run = new("RUN") { Description = "The run folder." };
        Command command = new("filter", "Drops pairs that teach nothing.") { run, CommonOptions.Threads };
        command.SetAction(async (parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            using Terminal terminal = new();
            await new GenQPipeline(parsed.GetValue(run)!, progress: terminal.Stages()).FilterPairsAsync(cancellation);
            return 0;
        });
        return command;
    }
}
