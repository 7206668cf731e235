using GenQ.Compute;

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
    public int Steps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(Steps));
            field = value;
        }
    } = 2000;

    /// <summary>Pairs of one step, at least 1. The default is 32.</summary>
    public int BatchSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(BatchSize));
            field = value;
        }
    } = 32;

    /// <summary>
    /// Peak learning rate. The default is 1e-4 for plain AdamW, and 2e-2 where steps are scaled by each matrix's root mean
    /// square.
    /// </summary>
    public double? LearningRate
    {
        get;
        init
        {
            if (value is { } rate) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate, nameof(LearningRate));
            field = value;
        }
    }

    /// <summary>Steps over which the learning rate rises. The default is a tenth of all steps, 500 at most.</summary>
    public int? WarmupSteps { get; init; }

    /// <summary>The share of each target that is spread over all tokens, in [0, 1). The default is 0, as in T5.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// The share of copy tasks at the start, in [0, 1]: a span of the passage in place of the query, so that a network
    /// from scratch learns to look at its input before it learns to ask. It falls to zero at four fifths of the steps.
    /// The default is 0; 0.7 from scratch works.
    /// </summary>
    public double CopyShare
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(CopyShare));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1, nameof(CopyShare));
            field = value;
        }
    }

    /// <summary>
    /// The share of passages that are cut to a random stretch around the sentence that shares most with the query. It
    /// falls to a third over the training. The default is 0; from scratch it makes learning to copy easier.
    /// </summary>
    public double CropShare
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(CropShare));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1, nameof(CropShare));
            field = value;
        }
    }

    /// <summary>The most tokens read of a passage. The default is 512, what generation reads.</summary>
    public int MaxInputLength { get; init; } = 512;

    /// <summary>The most tokens of a query. The default is 64, what generation writes.</summary>
    public int MaxTargetLength { get; init; } = 64;

    /// <summary>Steps between checkpoints. The default is 500.</summary>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>Steps between measurements of the held-out loss. The default is 500.</summary>
    public int EvaluateEvery { get; init; } = 500;

    /// <summary>Whether the weights are saved as fp16: half the size, for shipping. The default is fp32.</summary>
    public bool HalfWeights { get; init; }

    /// <summary>The resolved <see cref="ScaleByRms"/>.</summary>
    internal bool ScalesByRms => ScaleByRms ?? FromScratch;

    /// <summary>The precision of the products. The default follows the processor.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Where order, copy tasks, crops, dropout and fresh weights come from. The default is 42.</summary>
    public long Seed { get; init; } = 42;
}
