using System.Runtime.CompilerServices;
using GenQ.Compute;
using GenQ.Data;

namespace GenQ.Training;

/// <summary>Settings of <see cref="GeneratorTrainer"/>.</summary>
public sealed record GeneratorTrainerOptions
{
    /// <summary>Whether the network starts from random weights. The default is a checkpoint's weights.</summary>
    public bool FromScratch { get; init; }

    /// <summary>
    /// Whether each matrix's step is scaled by its root mean square, as Adafactor does. The default is yes from scratch, where
    /// plain AdamW stays at word frequencies for thousands of steps, and no from a checkpoint.
    /// </summary>
    public bool? ScaleByRms { get; init; }

    /// <summary>Optimiser steps, at least 1. The default is 2,000.</summary>
    public int Steps { get; init => field = Check.AtLeast(value, 1); } = 2000;

    /// <summary>Pairs of one step, at least 1. The default is 32.</summary>
    public int BatchSize { get; init => field = Check.AtLeast(value, 1); } = 32;

    /// <summary>
    /// Peak learning rate, above 0. The default is 1e-4 for plain AdamW, and 2e-2 where steps are scaled by each matrix's root mean
    /// square.
    /// </summary>
    public double? LearningRate { get; init => field = value is { } rate ? Check.Positive(rate) : null; }

    /// <summary>Steps over which the learning rate rises, at least 0. The default is a tenth of all steps, 500 at most.</summary>
    public int? WarmupSteps { get; init => field = value is { } steps ? Check.AtLeast(steps, 0) : null; }

    /// <summary>The share of each target that is spread over all tokens, in [0, 1). The default is 0, as in T5.</summary>
    public double LabelSmoothing { get; init => field = Check.That(value, value is >= 0 and < 1, "at least 0 and below 1"); }

    /// <summary>
    /// The share of copy tasks at the start, in [0, 1]: a span of the passage in place of the query, so that a network
    /// from scratch learns to look at its input before it learns to ask. It falls to zero at four fifths of the steps.
    /// The default is 0.7 from scratch and 0 from a checkpoint, which can copy.
    /// </summary>
    public double? CopyShare { get; init => field = Share(value); }

    /// <summary>
    /// The share of passages, in [0, 1], that are cut to a random stretch around the sentence that shares most with the query. It
    /// falls to a third over the training. The default is 1 from scratch, where it makes learning to copy easier, and 0 from
    /// a checkpoint.
    /// </summary>
    public double? CropShare { get; init => field = Share(value); }

    /// <summary>The most tokens read of a passage, the end token counted, at least 2. The default is 512, what generation reads.</summary>
    public int MaxInputLength { get; init => field = Check.AtLeast(value, 2); } = 512;

    /// <summary>The most tokens of a query, the end token counted, at least 2. The default is 64, what generation writes.</summary>
    public int MaxTargetLength { get; init => field = Check.AtLeast(value, 2); } = 64;

    /// <summary>Steps between checkpoints, at least 1. The default is 500.</summary>
    public int CheckpointEvery { get; init => field = Check.AtLeast(value, 1); } = 500;

    /// <summary>Steps between measurements of the held-out loss, at least 1. The default is 500.</summary>
    public int EvaluateEvery { get; init => field = Check.AtLeast(value, 1); } = 500;

    /// <summary>Whether the weights are saved as fp16: half the size, for shipping. The default is fp32.</summary>
    public bool HalfWeights { get; init; }

    /// <summary>The precision of the products. The default follows the processor.</summary>
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

    private static double? Share(double? value, [CallerMemberName] string option = "")
        => value is { } share ? Check.That(share, share is >= 0 and <= 1, "between 0 and 1", option) : null;
}
