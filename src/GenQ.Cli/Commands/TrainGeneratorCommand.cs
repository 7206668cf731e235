using System.CommandLine;
using GenQ.Data;
using GenQ.Training;

namespace GenQ.Cli.Commands;

/// <summary><c>genq train-generator</c>: a T5 of your own from your own (query, passage) pairs.</summary>
internal static class TrainGeneratorCommand
{
    private const string Share = "between 0 and 1";

    public static Command Create()
    {
        Argument<string[]> pairs = new("PAIRS.tsv") { Description = "Files or folders of lines 'query<TAB>passage', also .gz.", Arity = ArgumentArity.OneOrMore };
        Option<string> output = new("--output", "-o") { Description = "The folder that receives the T5.", Required = true };
        Option<string> start = new("--from") { Description = "The T5 to start from: a folder or a name on the hub." };
        Option<string> sizes = new("--from-scratch") { Description = "A folder with config.json (the sizes) and spiece.model (the vocabulary): start from random weights." };
        Option<string[]> heldOut = new("--held-out") { Description = "Pairs that are only measured, never trained on.", AllowMultipleArgumentsPerToken = true };
        Option<int> steps = new Option<int>("--steps") { Description = "Optimiser steps.", DefaultValueFactory = _ => 2000 }.AtLeast(1);
        Option<int> batch = new Option<int>("--batch-size") { Description = "Pairs of a step.", DefaultValueFactory = _ => 32 }.AtLeast(1);
        Option<bool?> byRms = new("--scale-by-rms") { Description = "Scale each matrix's step by its root mean square; the default from scratch." };
        Option<double?> rate = new Option<double?>("--learning-rate")
        {
            Description = "Peak learning rate; 1e-4, or 2e-2 where steps are scaled by each matrix's root mean square.",
        }.AboveZero();
        Option<int?> warmup = new Option<int?>("--warmup") { Description = "Steps over which the learning rate rises." }.AtLeast(0);
        Option<double> smoothing = new Option<double>("--label-smoothing")
        {
            Description = "Share of each target spread over all tokens.",
            DefaultValueFactory = _ => 0,
        }.Within(share => share is >= 0 and < 1, "at least 0 and below 1");
        Option<double?> copy = new Option<double?>("--copy-share")
        {
            Description = "Share of copy tasks at the start; 0.7 from scratch, else 0.",
        }.Within(IsShare, Share);
        Option<double?> crop = new Option<double?>("--crop-share")
        {
            Description = "Share of passages cut around the answer at the start; 1 from scratch, else 0.",
        }.Within(IsShare, Share);
        Option<int> maxInput = new Option<int>("--max-input")
        {
            Description = "Tokens read of a passage.",
            DefaultValueFactory = _ => 512,
        }.AtLeast(2);
        Option<int> evaluateEvery = new Option<int>("--evaluate-every")
        {
            Description = "Steps between measurements of the held-out loss.",
            DefaultValueFactory = _ => 500,
        }.AtLeast(1);
        Option<bool> half = new("--fp16") { Description = "Save the weights as fp16: half the size, the same queries." };

        Command command = new("train-generator", "Trains a T5 to write queries from (query, passage) pairs; an interrupted training goes on where it was.")
        {
            pairs, output, start, sizes, heldOut, steps, batch, byRms, rate, warmup, smoothing, copy, crop, maxInput, evaluateEvery, half,
            CommonOptions.CheckpointEvery, CommonOptions.Precision, CommonOptions.Seed, CommonOptions.Threads,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(start) is null) == (result.GetValue(sizes) is null)) result.AddError("Give either --from or --from-scratch.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            GeneratorTrainerOptions defaults = new(), options = new()
            {
                FromScratch = parsed.GetValue(sizes) is not null,
                Steps = parsed.GetValue(steps),
                BatchSize = parsed.GetValue(batch),
                ScaleByRms = parsed.GetValue(byRms),
                LearningRate = parsed.GetValue(rate),
                WarmupSteps = parsed.GetValue(warmup),
                LabelSmoothing = parsed.GetValue(smoothing),
                CopyShare = parsed.GetValue(copy),
                CropShare = parsed.GetValue(crop),
                MaxInputLength = parsed.GetValue(maxInput),
                CheckpointEvery = parsed.GetValue(CommonOptions.CheckpointEvery) ?? defaults.CheckpointEvery,
                EvaluateEvery = parsed.GetValue(evaluateEvery),
                HalfWeights = parsed.GetValue(half),
                Precision = parsed.GetValue(CommonOptions.Precision),
                Seed = parsed.GetValue(CommonOptions.Seed),
            };
            QueryPassagePair[] all = InputPairs.Read(parsed.GetValue(pairs)!);
            QueryPassagePair[] measured = parsed.GetValue(heldOut) is { Length: > 0 } files ? InputPairs.Read(files) : [];
            using Terminal terminal = new();
            Terminal.Say($"{all.Length:N0} pairs, {measured.Length:N0} held out, {options.Steps:N0} steps of {options.BatchSize}");
            int empty = new GeneratorTrainer(options).Train(
                parsed.GetValue(start) ?? parsed.GetValue(sizes)!,
                all,
                measured,
                parsed.GetValue(output)!,
                terminal.Progress<GeneratorTrainingStep>("training", step => (step.Step, step.Steps, step.ToString(), step.HeldOutLoss is not null)),
                cancellation);
            Terminal.Say($"saved in {parsed.GetValue(output)}; {empty:N0} pairs were empty");
            return Task.FromResult(0);
        });
        return command;
    }

    private static bool IsShare(double value) => value is >= 0 and <= 1;
}
