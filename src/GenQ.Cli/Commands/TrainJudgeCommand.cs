using System.CommandLine;
using GenQ.Data;
using GenQ.Training;

namespace GenQ.Cli.Commands;

/// <summary><c>genq train-judge</c>: a judge that tells a person's queries from a generator's.</summary>
internal static class TrainJudgeCommand
{
    public static Command Create()
    {
        Argument<string[]> asked = new("PAIRS.tsv") { Description = "Files or folders of lines 'query<TAB>passage', also .gz: what people asked.", Arity = ArgumentArity.OneOrMore };
        Option<string[]> drawn = new("--drawn") { Description = "The same of what a generator wrote for these passages, such as a run's pairs/.", Required = true, AllowMultipleArgumentsPerToken = true };
        Option<string> output = new("--output", "-o") { Description = "The folder that receives the judge.", Required = true };
        SettingFlags<QueryJudgeTrainerOptions> settings = new();
        Command command = new("train-judge", """
            Trains a judge, which tells queries that people would ask from those that a generator makes up; an interrupted training goes on where it was.

            Example:
              genq train-judge asked.tsv --drawn runs/asked-of/pairs --base sentence-transformers/all-MiniLM-L6-v2 -o judge
            """)
        {
            asked, drawn, StartOptions.Base, StartOptions.FromScratch, StartOptions.LayersOf, output, CommonOptions.Precision, CommonOptions.Seed, CommonOptions.Threads,
        };
        settings.AddTo(command);
        command.Validators.Add(result =>
        {
            StartOptions.RefuseContradictions(result);
            if (result.GetValue(StartOptions.Base) is null && result.GetValue(StartOptions.FromScratch) is null)
                result.AddError("Give either --base or --from-scratch.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            QueryJudgeTrainerOptions options = settings.Read(parsed) with { Precision = parsed.GetValue(CommonOptions.Precision), Seed = parsed.GetValue(CommonOptions.Seed) };
            IReadOnlyList<JudgedPassage> passages = JudgedPassage.Join(InputPairs.Read(parsed.GetValue(asked)!), InputPairs.Read(parsed.GetValue(drawn)!));
            string trained = parsed.GetValue(output)!;
            using RunLock held = RunLock.Take(new RunFolder(trained), "train-judge");
            string start = StartOptions.Resolve(parsed, trained);
            using Terminal terminal = new();
            Terminal.Say($"{passages.Count:N0} passages with queries of both kinds, {options.Steps:N0} steps of {options.BatchSize}");
            new QueryJudgeTrainer(options).Train(
                start, passages, trained,
                terminal.Progress<JudgeTrainingStep>("training", step => (step.Step, step.Steps, step.ToString(), step.HeldOutAccuracy is not null)),
                cancellation);
            Terminal.Say($"saved in {trained}");
            return Task.FromResult(0);
        });
        return command;
    }
}
