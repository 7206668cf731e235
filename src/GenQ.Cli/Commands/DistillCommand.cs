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
        Argument<string[]> texts = new("TEXTS") { Description = "Files .txt (a text a line) and .tsv (pairs; both columns are texts), also .gz.", Arity = ArgumentArity.OneOrMore };
        Option<string> teacher = new("--teacher") { Description = "The encoder to learn from: a folder or a name on the hub.", Required = true };
        Option<string> output = new("--output", "-o") { Description = "Receives model/ and training.jsonl.", Required = true };
        Option<string[]> heldOut = new("--held-out") { Description = "Texts that are only measured; else 512 of TEXTS are set aside.", AllowMultipleArgumentsPerToken = true };
        Command command = new("distill", """
            Teaches a small encoder to give a larger one's vectors, on texts without labels; an interrupted training goes on where it was.

            Example:
              genq distill pairs.tsv answers.txt.gz --teacher sentence-transformers/all-MiniLM-L6-v2 --from-scratch sizes -o small
            """)
        {
            texts, teacher, StartOptions.Base, StartOptions.FromScratch, StartOptions.WordEmbeddings, output, heldOut,
            CommonOptions.Precision, CommonOptions.Seed, CommonOptions.Threads,
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
            EncoderDistillerOptions options = settings.Read(parsed) with { Precision = parsed.GetValue(CommonOptions.Precision), Seed = parsed.GetValue(CommonOptions.Seed) };
            string[] taught = [.. TextFiles.Read(parsed.GetValue(texts)!)];
            string[]? measured = parsed.GetValue(heldOut) is { Length: > 0 } files ? [.. TextFiles.Read(files)] : null;
            string trained = parsed.GetValue(output)!, start = StartOptions.Resolve(parsed, trained);
            using Terminal terminal = new();
            Terminal.Say($"{taught.Length:N0} different texts, {options.Steps:N0} steps of {options.BatchSize}");
            new EncoderDistiller(options).Train(
                start,
                parsed.GetValue(teacher)!,
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
