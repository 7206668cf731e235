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

    public static Command Filter() => Stage("filter", "Drops pairs that teach nothing.", (pipeline, cancellation) => pipeline.FilterPairsAsync(cancellation));

    public static Command Index() => Stage("index", "Encodes the passages with the adapted model.", (pipeline, cancellation) => pipeline.IndexPassagesAsync(cancellation));

    private static Command Stage(string name, string description, Func<GenQPipeline, CancellationToken, Task> stage)
    {
        Argument<string> run = new("RUN") { Description = "The run folder." };
        Command command = new(name, description) { run, CommonOptions.Threads };
        command.SetAction(async (parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            using Terminal terminal = new();
            await stage(new GenQPipeline(parsed.GetValue(run)!, progress: terminal.Stages()), cancellation);
            return 0;
        });
        return command;
    }
}
