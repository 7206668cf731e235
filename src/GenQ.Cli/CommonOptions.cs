using System.CommandLine;
using System.CommandLine.Parsing;
using GenQ.Compute;
using GenQ.Training;

namespace GenQ.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>The precision of the products.</summary>
    public static Option<Precision> Precision { get; } = new Option<Precision>("--precision")
    {
        Description = "fp32, bf16 or auto: bf16 where the processor multiplies it faster.",
        DefaultValueFactory = _ => Compute.Precision.Auto,
    }.Names();

    /// <summary>Products of 8-bit whole numbers.</summary>
    public static Option<bool> Int8 { get; } = new("--int8")
    {
        Description = "Multiply 8-bit whole numbers: faster where the processor can, a little less exact.",
    };

    /// <summary>Where all chance comes from.</summary>
    public static Option<long> Seed { get; } = new Option<long>("--seed")
    {
        Description = "Where all chance comes from.",
        DefaultValueFactory = _ => 42,
    }.WholeNumber();

    /// <summary>Threads of the products.</summary>
    public static Option<int?> Threads { get; } = new Option<int?>("--threads")
    {
        Description = "Threads to compute with; all cores by default.",
    }.AtLeast(1);

    /// <summary>Passes of an encoder's training over its pairs.</summary>
    public static Option<int?> Epochs { get; } = new Option<int?>("--epochs")
    {
        Description = "Passes over the pairs; 2 by default in a run with the mini preset, else 1.",
    }.AtLeast(1);

    /// <summary>The most steps of an encoder's training.</summary>
    public static Option<int?> MaxSteps { get; } = new Option<int?>("--max-steps")
    {
        Description = "The most training steps, whatever the epochs; a run writes queries for as many passages as they have places for. 400 by default in a run with the mini preset, else no limit.",
    }.AtLeast(1);

    /// <summary>How many queries of a passage stand in a batch with it in an encoder's training.</summary>
    public static Option<int?> QueriesTogether { get; } = new Option<int?>("--queries-together")
    {
        Description = "Queries of a passage that stand in a batch with it, at most; 8 by default in a run with the mini preset, else 1.",
    }.AtLeast(1);

    /// <summary>Passages of a step of an encoder's training.</summary>
    public static Option<int> BatchSize { get; } = new Option<int>("--batch-size")
    {
        Description = "Passages of a training step, each with a query of its own or several.",
        DefaultValueFactory = _ => 24,
    }.AtLeast(2);

    /// <summary>The peak learning rate of an encoder's training.</summary>
    public static Option<double?> LearningRate { get; } = new Option<double?>("--learning-rate")
    {
        Description = "Peak learning rate; 2e-5 by default.",
    }.AboveZero();

    /// <summary>What counts as the right answer in an encoder's training.</summary>
    public static Option<LabelKind?> Labels { get; } = new Option<LabelKind?>("--labels")
    {
        Description = "hard: a query's own passage alone is right, the published method; soft: each passage as far as the base and BM25 find it. soft by default in a run with the mini preset, else hard.",
    }.Names();

    /// <summary>How many passages of a batch are alike in an encoder's training.</summary>
    public static Option<int?> Neighbours { get; } = new Option<int?>("--neighbours")
    {
        Description = "Passages of a batch that the base finds alike; 4 by default in a run with the mini preset, else 1.",
    }.AtLeast(1);

    /// <summary>Steps of any training between checkpoints.</summary>
    public static Option<int?> CheckpointEvery { get; } = new Option<int?>("--checkpoint-every")
    {
        Description = "Training steps between checkpoints; 50 by default in a run with the mini preset, else 500.",
    }.AtLeast(1);

    /// <summary>Print one JSON object.</summary>
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON object on stdout, everything else on stderr.",
    };

    /// <summary>How stdin is read.</summary>
    public static Option<bool> JsonLines { get; } = new("--json-lines")
    {
        Description = "Each line of stdin is a JSON string, so that a text may hold line breaks.",
    };

    /// <summary>Refuses options that would be passed over, because a run keeps the settings it was begun with.</summary>
    public static void RefuseForRun(CommandResult result, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
        {
            if (result.GetResult(option) is { Implicit: false })
                result.AddError($"{option.Name} is not for a run, which keeps the settings it was begun with: begin another with 'genq run'.");
        }
    }

    /// <summary>Sets the number of threads, where one is given.</summary>
    public static void ApplyThreads(ParseResult parsed)
    {
        if (parsed.GetValue(Threads) is { } threads) Models.Threads.Use(threads);
    }
}
