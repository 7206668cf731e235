using System.CommandLine;
using GenQ.Data;
using GenQ.Training;

namespace GenQ.Cli.Commands;

/// <summary><c>genq train</c>: the adapted model of a run, or of pairs of your own.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        Argument<string[]> source = new("RUN|PAIRS.tsv") { Description = "A run folder; or, with --base or --from-scratch, pair files.", Arity = ArgumentArity.OneOrMore };
        Option<string?> output = new("--output", "-o") { Description = "Receives model/ and training.jsonl." };
        SettingFlags<BiEncoderTrainerOptions> settings = new();
        Command command = new("train", """
            Tunes an encoder on (query, passage) pairs with multiple-negatives ranking; an interrupted training goes on where it was.

            Examples:
              genq train runs/manuals
              genq train clicks.tsv --base microsoft/mpnet-base -o tuned --epochs 3
            """)
        {
            source, StartOptions.Base, StartOptions.FromScratch, StartOptions.WordEmbeddings, StartOptions.LayersOf, output,
            CommonOptions.Precision, CommonOptions.Seed, CommonOptions.Threads,
        };
        settings.AddTo(command);
        command.Validators.Add(result =>
        {
            StartOptions.RefuseContradictions(result);
            bool own = result.GetValue(StartOptions.Base) is not null || result.GetValue(StartOptions.FromScratch) is not null;
            if (own && result.GetValue(output) is null) result.AddError("Pair files need --output, the folder that receives the model.");
            if (own) return;
            if (result.GetValue(source) is not [_] || result.GetValue(output) is not null)
                result.AddError("Give one run folder alone, or pair files with --output and either --base or --from-scratch.");
            CommonOptions.RefuseForRun(result, [StartOptions.WordEmbeddings, StartOptions.LayersOf, CommonOptions.Precision, CommonOptions.Seed, .. settings.All]);
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            using Terminal terminal = new();
            if (parsed.GetValue(StartOptions.Base) is null && parsed.GetValue(StartOptions.FromScratch) is null)
            {
                await new GenQPipeline(parsed.GetValue(source)![0], progress: terminal.Stages()).TrainEncoderAsync(cancellation);
                return 0;
            }

            QueryPassagePair[] pairs = InputPairs.Read(parsed.GetValue(source)!);
            string trained = parsed.GetValue(output)!;
            using RunLock held = RunLock.Take(new RunFolder(trained), "train");
            string start = StartOptions.Resolve(parsed, trained);
            Terminal.Say($"{pairs.Length:N0} pairs");
            BiEncoderTrainerOptions options = settings.Read(parsed) with { Precision = parsed.GetValue(CommonOptions.Precision), Seed = parsed.GetValue(CommonOptions.Seed) };
            TrainingSummary summary = new BiEncoderTrainer(options).Train(
                start, pairs, trained, null,
                terminal.Progress<TrainingStep>("training", step => (step.Step, step.Steps, step.ToString(), false)),
                terminal.Progress<(int Done, int Total)>("reading with the base", read => (read.Done, read.Total, "", false)),
                cancellation: cancellation);
            Terminal.Say($"trained {summary.Steps:N0} steps; {summary.UnusedPairs:N0} pairs stood in no batch; saved in {trained}");
            return 0;
        });
        return command;
    }
}
