using System.CommandLine;
using GenQ.Data;
using GenQ.Training;

namespace GenQ.Cli.Commands;

/// <summary><c>genq distill</c>: a small encoder that learns from a larger one, on texts without labels.</summary>
internal static class DistillCommand
{
    public static Command Create()
    {
        EncoderDistillerOptions defaults = new();
        Argument<string[]> texts = new("TEXTS") { Description = "Files .txt (a text a line) and .tsv (pairs; both columns are texts), also .gz.", Arity = ArgumentArity.OneOrMore };
        Option<string> teacher = new("--teacher") { Description = "The encoder to learn from: a folder or a name on the hub.", Required = true };
        Option<string> output = new("--output", "-o") { Description = "Receives model/ and training.jsonl.", Required = true };
        Option<string[]> heldOut = new("--held-out") { Description = "Texts that are only measured; else 512 of TEXTS are set aside.", AllowMultipleArgumentsPerToken = true };
        Option<int> steps = new Option<int>("--steps")
        {
            Description = "Optimiser steps.",
            DefaultValueFactory = _ => defaults.Steps,
        }.AtLeast(1);
        Option<int> batch = new Option<int>("--batch-size")
        {
            Description = "Texts of a step.",
            DefaultValueFactory = _ => defaults.BatchSize,
        }.AtLeast(3);
        Option<int> pool = new Option<int>("--pool-batches")
        {
            Description = "Batches sorted by length together; 1 mixes short and long texts in each batch.",
            DefaultValueFactory = _ => defaults.PoolBatches,
        }.AtLeast(1);
        Option<double> shortShare = new Option<double>("--short-share")
        {
            Description = "Share of short texts, taken whole; the rest are spans of long ones.",
            DefaultValueFactory = _ => defaults.ShortShare,
        }.Within(share => share is >= 0 and <= 1, "between 0 and 1");
        Option<int> shortestSpan = new Option<int>("--shortest-span")
        {
            Description = "Words of the shortest spans.",
            DefaultValueFactory = _ => defaults.ShortestSpan,
        }.AtLeast(1);
        Option<int> longestSpan = new Option<int>("--longest-span")
        {
            Description = "Words of the longest spans.",
            DefaultValueFactory = _ => defaults.LongestSpan,
        }.AtLeast(4);
        Option<int> neighbours = new Option<int>("--neighbours")
        {
            Description = "Texts of a batch that lie near one another in the input, to be told apart; 1 takes each from anywhere.",
            DefaultValueFactory = _ => defaults.Neighbours,
        }.AtLeast(1);
        Option<double> statesWeight = new Option<double>("--states-weight")
        {
            Description = "Weight of the distance of the tokens' states to the teacher's; 0 compares the vectors of whole texts alone.",
            DefaultValueFactory = _ => defaults.StatesWeight,
        }.AtLeast(0);
        Option<bool> layerByLayer = new("--layer-by-layer") { Description = "Teach each layer alone what the teacher's layer says; the sizes must agree." };
        Option<bool> muon = new("--muon") { Description = "Move the layers' matrices as Muon does, which from random weights learns from fewer texts." };
        Option<double> rate = new Option<double>("--learning-rate")
        {
            Description = "Peak learning rate.",
            DefaultValueFactory = _ => defaults.LearningRate,
        }.AboveZero();
        Option<int?> warmup = new Option<int?>("--warmup-steps")
        {
            Description = "Steps over which the learning rate rises; a tenth of all, 500 at most, by default.",
        }.AtLeast(0);
        Option<int> maxLength = new Option<int>("--max-length")
        {
            Description = "Tokens read of a text.",
            DefaultValueFactory = _ => defaults.MaxSequenceLength,
        }.AtLeast(3);
        Option<int> evaluateEvery = new Option<int>("--evaluate-every")
        {
            Description = "Steps between measurements on held-out texts.",
            DefaultValueFactory = _ => defaults.EvaluateEvery,
        }.AtLeast(1);
        Option<bool> half = new("--fp16") { Description = "Save the weights as fp16: half the size." };
        Command command = new("distill", """
            Teaches a small encoder to give a larger one's vectors, on texts without labels; an interrupted training goes on where it was.

            Example:
              genq distill pairs.tsv answers.txt.gz --teacher sentence-transformers/all-MiniLM-L6-v2 --from-scratch sizes -o small
            """)
        {
            texts, teacher, StartOptions.Base, StartOptions.FromScratch, StartOptions.WordEmbeddings, output, heldOut, steps, batch, pool, shortShare,
            shortestSpan, longestSpan, neighbours, statesWeight, layerByLayer, muon, rate, warmup, maxLength, CommonOptions.CheckpointEvery, evaluateEvery, half, CommonOptions.Precision,
            CommonOptions.Seed, CommonOptions.Threads,
        };
        command.Validators.Add(result =>
        {
            StartOptions.RefuseContradictions(result);
            if (result.GetValue(StartOptions.Base) is null && result.GetValue(StartOptions.FromScratch) is null)
                result.AddError("Give either --base or --from-scratch.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            EncoderDistillerOptions options = new()
            {
                Steps = parsed.GetValue(steps),
                BatchSize = parsed.GetValue(batch),
                PoolBatches = parsed.GetValue(pool),
                ShortShare = parsed.GetValue(shortShare),
                ShortestSpan = parsed.GetValue(shortestSpan),
                LongestSpan = parsed.GetValue(longestSpan),
                Neighbours = parsed.GetValue(neighbours),
                StatesWeight = parsed.GetValue(statesWeight),
                LayerByLayer = parsed.GetValue(layerByLayer),
                Muon = parsed.GetValue(muon),
                LearningRate = parsed.GetValue(rate),
                WarmupSteps = parsed.GetValue(warmup),
                MaxSequenceLength = parsed.GetValue(maxLength),
                CheckpointEvery = parsed.GetValue(CommonOptions.CheckpointEvery) ?? defaults.CheckpointEvery,
                EvaluateEvery = parsed.GetValue(evaluateEvery),
                HalfWeights = parsed.GetValue(half),
                Precision = parsed.GetValue(CommonOptions.Precision),
                Seed = parsed.GetValue(CommonOptions.Seed),
            };
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
