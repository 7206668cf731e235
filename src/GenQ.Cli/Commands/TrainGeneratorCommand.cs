using System.CommandLine;
using GenQ.Data;
using GenQ.Training;

namespace GenQ.Cli.Commands;

/// <summary><c>genq train-generator</c>: a T5 of your own from your own (query, passage) pairs.</summary>
internal static class TrainGeneratorCommand
{
    public static Command Create()
    {
        Argument<string[]> pairs = new("PAIRS.tsv") { Description = "Files or folders of lines 'query<TAB>passage', also .gz.", Arity = ArgumentArity.OneOrMore };
        Option<string> output = new("--output", "-o") { Description = "The folder that receives the T5.", Required = true };
        Option<string> start = new("--from") { Description = "The T5 to start from: a folder or a name on the hub." };
        Option<string> sizes = new("--from-scratch") { Description = "A folder with config.json (the sizes) and spiece.model (the vocabulary): start from random weights." };
        Option<string[]> heldOut = new("--held-out") { Description = "Pairs that are only measured, each file by itself, never trained on.", AllowMultipleArgumentsPerToken = true };
        SettingFlags<GeneratorTrainerOptions> settings = new("from-scratch");
        Command command = new("train-generator", "Trains a T5 to write queries from (query, passage) pairs; an interrupted training goes on where it was.")
        {
            pairs, output, start, sizes, heldOut, CommonOptions.Precision, CommonOptions.Seed, CommonOptions.Threads,
        };
        settings.AddTo(command);
        command.Validators.Add(result =>
        {
            if ((result.GetValue(start) is null) == (result.GetValue(sizes) is null)) result.AddError("Give either --from or --from-scratch.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            GeneratorTrainerOptions options = settings.Read(parsed) with
            {
                FromScratch = parsed.GetValue(sizes) is not null,
                Precision = parsed.GetValue(CommonOptions.Precision),
                Seed = parsed.GetValue(CommonOptions.Seed),
            };
            QueryPassagePair[] all = InputPairs.Read(parsed.GetValue(pairs)!);
            QueryPassagePair[][] measured = [.. (parsed.GetValue(heldOut) ?? []).Select(file => InputPairs.Read([file]))];
            using RunLock held = RunLock.Take(new RunFolder(parsed.GetValue(output)!), "train-generator");
            using Terminal terminal = new();
            Terminal.Say($"{all.Length:N0} pairs, {measured.Sum(set => set.Length):N0} held out, {options.Steps:N0} steps of {options.BatchSize}");
            int empty = new GeneratorTrainer(options).Train(
                parsed.GetValue(start) ?? parsed.GetValue(sizes)!,
                all,
                measured,
                parsed.GetValue(output)!,
                terminal.Progress<GeneratorTrainingStep>("training", step => (step.Step, step.Steps, step.ToString(), step.HeldOutLosses.Count > 0)),
                cancellation);
            Terminal.Say($"saved in {parsed.GetValue(output)}; {empty:N0} pairs were empty");
            return Task.FromResult(0);
        });
        return command;
    }
}
