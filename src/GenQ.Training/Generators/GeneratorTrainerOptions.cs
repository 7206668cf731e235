using GenQ.Compute;
using GenQ.Data;

namespace GenQ.Training;

/// <summary>Settings of <see cref="GeneratorTrainer"/>.</summary>
public sealed record GeneratorTrainerOptions
{
    /// <summary>Whether the network starts from random weights. The default is a checkpoint's weights.</summary>
    [Setting("Start from random weights.")]
    public bool FromScratch { get; init; }

    /// <summary>
    /// A folder with a spiece.model and a config.json that a trained T5 takes over before it goes on learning: the vocabulary, the tasks
    /// (task_specific_params), and layers and d_ff, which may grow. At first it writes what it wrote before. The default is the checkpoint's own.
    /// </summary>
    [Setting("A folder with spiece.model and config.json: the vocabulary, tasks, layers and d_ff that the T5 grows to.", Decides = false)]
    public string? GrowTo { get; init; }

    /// <summary>
    /// Whether each matrix's step is scaled by its root mean square, as Adafactor does. The default is yes from scratch, where
    /// plain AdamW stays at word frequencies for thousands of steps, and no from a checkpoint.
    /// </summary>
    [Setting("Scale each matrix's step by its root mean square, as Adafactor does.", Default = "yes from scratch, no from a checkpoint")]
    public bool? ScaleByRms { get; init; }

    /// <summary>Optimiser steps, at least 1. The default is 2,000.</summary>
    [Setting("Optimiser steps.", AtLeast = 1)]
    public int Steps { get; init => field = SettingsSchema<GeneratorTrainerOptions>.Check(value); } = 2000;

    /// <summary>Pairs of one step, at least 1. The default is 32.</summary>
    [Setting("Pairs of a step.", AtLeast = 1)]
    public int BatchSize { get; init => field = SettingsSchema<GeneratorTrainerOptions>.Check(value); } = 32;

    /// <summary>
    /// Peak learning rate, above 0. The default is 1e-4 for plain AdamW, and 2e-2 where steps are scaled by each matrix's root mean
    /// square.
    /// </summary>
    [Setting("Peak learning rate.", Default = "1e-4, or 2e-2 where steps are scaled by RMS", Above = 0)]
    public double? LearningRate { get; init => field = SettingsSchema<GeneratorTrainerOptions>.Check(value); }

    /// <summary>Steps over which the learning rate rises, at least 0. The default is a tenth of all steps, 500 at most.</summary>
    [Setting("Steps over which the learning rate rises.", Default = "a tenth of all, 500 at most", AtLeast = 0, Alias = "warmup")]
    public int? WarmupSteps { get; init => field = SettingsSchema<GeneratorTrainerOptions>.Check(value); }

    /// <summary>The share of each target that is spread over all tokens, in [0, 1). The default is 0, as in T5.</summary>
    [Setting("Share of each target that is spread over all tokens.", AtLeast = 0, Below = 1)]
    public double LabelSmoothing { get; init => field = SettingsSchema<GeneratorTrainerOptions>.Check(value); }

    /// <summary>
    /// The share of copy tasks at the start, in [0, 1]: a span of the passage in place of the query, so that a network
    /// from scratch learns to look at its input before it learns to ask. It falls to zero at four fifths of the steps.
    /// The default is 0.7 from scratch and 0 from a checkpoint, which can copy.
    /// </summary>
    [Setting("Share of copy tasks at the start.", Default = "0.7 from scratch, 0 from a checkpoint", AtLeast = 0, AtMost = 1)]
    public double? CopyShare { get; init => field = SettingsSchema<GeneratorTrainerOptions>.Check(value); }

    /// <summary>
    /// The share of passages, in [0, 1], that are cut to a random stretch around the sentence that shares most with the query. It
    /// falls to a third over the training. The default is 1 from scratch, where it makes learning to copy easier, and 0 from
    /// a checkpoint.
    /// </summary>
    [Setting("Share of passages that are cut to a stretch around the sentence nearest to the query.", Default = "1 from scratch, 0 from a checkpoint", AtLeast = 0, AtMost = 1)]
    public double? CropShare { get; init => field = SettingsSchema<GeneratorTrainerOptions>.Check(value); }

    /// <summary>The most tokens read of a passage, the end token counted, at least 2. The default is 512, what generation reads.</summary>
    [Setting("Tokens read of a passage, the end token counted.", AtLeast = 2, Alias = "max-input")]
    public int MaxInputLength { get; init => field = SettingsSchema<GeneratorTrainerOptions>.Check(value); } = 512;

    /// <summary>The most tokens of a query, the end token counted, at least 2. The default is 64, what generation writes.</summary>
    [Setting("Tokens of a query, the end token counted.", AtLeast = 2)]
    public int MaxTargetLength { get; init => field = SettingsSchema<GeneratorTrainerOptions>.Check(value); } = 64;

    /// <summary>Steps between checkpoints, at least 1. The default is 500.</summary>
    [Setting("Training steps between checkpoints.", AtLeast = 1, Decides = false)]
    public int CheckpointEvery { get; init => field = SettingsSchema<GeneratorTrainerOptions>.Check(value); } = 500;

    /// <summary>Steps between measurements of the held-out loss, at least 1. The default is 500.</summary>
    [Setting("Steps between measurements of the held-out loss.", AtLeast = 1, Decides = false)]
    public int EvaluateEvery { get; init => field = SettingsSchema<GeneratorTrainerOptions>.Check(value); } = 500;

    /// <summary>Whether the weights are saved as fp16: half the size, for shipping. The default is fp32.</summary>
    [Setting("Save the weights as fp16: half the size.", Alias = "fp16", Decides = false)]
    public bool HalfWeights { get; init; }

    /// <summary>The precision of the matrix multiplications. The default follows the processor.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Where order, copy tasks, crops, dropout and fresh weights come from. The default is 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Fills in the defaults that depend on other settings and on the processor.</summary>
    internal GeneratorTrainerOptions Resolve()
    {
        bool byRms = ScaleByRms ?? FromScratch;
        return this with
        {
            ScaleByRms = byRms,
            LearningRate = LearningRate ?? (byRms ? 2e-2 : 1e-4),
            WarmupSteps = WarmupSteps ?? Math.Min(500, Steps / 10),
            CopyShare = CopyShare ?? (FromScratch ? 0.7 : 0),
            CropShare = CropShare ?? (FromScratch ? 1 : 0),
            Precision = CpuFeatures.Current.Resolve(Precision),
        };
    }
}
