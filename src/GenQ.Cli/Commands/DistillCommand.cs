using System.CommandLine;
using GenQ.Data;
using GenQ.Training;

namespace GenQ.Cli.Commands;

/// <summary><c>genq distill</c>: a small encoder that learns from a larger one, on texts without labels.</summary>
internal static class DistillCommand
{
    public static Command Create()
    {
        SettingFlags<EncoderDistillerOptions> settings = new();
        Argument<string[]> texts = new("TEXTS") { Description = "Files .txt (a passage a line) and .tsv (pairs of query and passage), also .gz.", Arity = ArgumentArity.OneOrMore };
        Option<string[]> queries = new("--queries") { Description = "Files .txt of a query a line, for teachers with a prompt for queries.", AllowMultipleArgumentsPerToken = true };
        Option<string[]> teachers = new("--teacher") { Description = "The encoder to learn from: a folder or a name on the hub; also several.", Required = true };
        Option<double[]> weights = new Option<double[]>("--teacher-weight") { Description = "What each teacher's vectors are multiplied with, in their order; else 1." }
            .Within(weight => weight > 0 && double.IsFinite(weight), "a finite number above 0");
        Option<string> output = new("--output", "-o") { Description = "Receives model/ and training.jsonl.", Required = true };
        Option<string[]> heldOut = new("--held-out") { Description = "Texts that are only measured; else 512 of TEXTS are set aside.", AllowMultipleArgumentsPerToken = true };
        Command command = new("distill", """
            Teaches a small encoder to give the vectors of one or more larger ones, on texts without labels; an interrupted training goes on where it was.

            Example:
              genq distill pairs.tsv answers.txt.gz --teacher sentence-transformers/all-MiniLM-L6-v2 --from-scratch sizes -o small
            """)
        {
            texts, queries, teachers, weights, StartOptions.Base, StartOptions.FromScratch, StartOptions.WordEmbeddings, StartOptions.LayersOf, output, heldOut,
            CommonOptions.Precision, CommonOptions.Seed, CommonOptions.Threads,
        };
        settings.AddTo(command);
        command.Validators.Add(result =>
        {
            StartOptions.RefuseContradictions(result);
            if (result.GetValue(StartOptions.Base) is null && result.GetValue(StartOptions.FromScratch) is null)
                result.AddError("Give either --base or --from-scratch.");
            int models = result.GetResult(teachers)?.Tokens.Count ?? 0, given = result.GetResult(weights)?.Tokens.Count ?? 0;
            if (given > 0 && given != models) result.AddError($"--teacher-weight must be given once for each --teacher or not at all, got {given} for {models}.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            EncoderDistillerOptions options = settings.Read(parsed) with { Precision = parsed.GetValue(CommonOptions.Precision), Seed = parsed.GetValue(CommonOptions.Seed) };
            DistillationText[] taught = [.. TextFiles.Read(parsed.GetValue(texts)!, parsed.GetValue(queries))];
            DistillationText[]? measured = parsed.GetValue(heldOut) is { Length: > 0 } files ? [.. TextFiles.Read(files)] : null;
            string trained = parsed.GetValue(output)!;
            using RunLock held = RunLock.Take(new RunFolder(trained), "distill");
            string start = StartOptions.Resolve(parsed, trained);
            using Terminal terminal = new();
            Terminal.Say($"{taught.Length:N0} different texts, {options.Steps:N0} steps of {options.BatchSize}");
            new EncoderDistiller(options).Train(
                start,
                [.. parsed.GetValue(teachers)!.Select((model, i) => new Teacher(model, parsed.GetValue(weights) is { Length: > 0 } all ? all[i] : 1))],
                taught,
                trained,
                measured,
                progress: terminal.Progress<DistillationStep>("distilling", step => (step.Step, step.Steps, step.ToString(), step.HeldOutCosine is not null)),
                cancellation: cancellation);
            Terminal.Say($"saved in {trained}");
            return Task.FromResult(0);
        });
        return command;
    }
}
