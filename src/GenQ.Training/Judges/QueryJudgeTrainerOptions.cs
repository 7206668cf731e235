using GenQ.Compute;
using GenQ.Data;

namespace GenQ.Training;

/// <summary>Settings of <see cref="QueryJudgeTrainer"/>.</summary>
public sealed record QueryJudgeTrainerOptions
{
    /// <summary>Optimiser steps, at least 1. The default is 1,400.</summary>
    [Setting("Optimiser steps.", AtLeast = 1)]
    public int Steps { get; init => field = SettingsSchema<QueryJudgeTrainerOptions>.Check(value); } = 1400;

    /// <summary>Passages of one step, at least 1. The default is 16.</summary>
    [Setting("Passages of a step.", AtLeast = 1)]
    public int BatchSize { get; init => field = SettingsSchema<QueryJudgeTrainerOptions>.Check(value); } = 16;

    /// <summary>Queries of each passage, at least 2: half of them people's, half the generator's. The default is 6.</summary>
    [Setting("Queries of each passage: half of them people's, half the generator's.", AtLeast = 2)]
    public int QueriesPerPassage { get; init => field = SettingsSchema<QueryJudgeTrainerOptions>.Check(value); } = 6;

    /// <summary>Peak learning rate, above 0. The default is 1e-4.</summary>
    [Setting("Peak learning rate.", Above = 0)]
    public double LearningRate { get; init => field = SettingsSchema<QueryJudgeTrainerOptions>.Check(value); } = 1e-4;

    /// <summary>Steps over which the learning rate rises, at least 0. The default is a tenth of all steps.</summary>
    [Setting("Steps over which the learning rate rises.", Default = "a tenth of all", AtLeast = 0)]
    public int? WarmupSteps { get; init => field = SettingsSchema<QueryJudgeTrainerOptions>.Check(value); }

    /// <summary>Steps between checkpoints, at least 1. The default is 200.</summary>
    [Setting("Training steps between checkpoints.", AtLeast = 1, Decides = false)]
    public int CheckpointEvery { get; init => field = SettingsSchema<QueryJudgeTrainerOptions>.Check(value); } = 200;

    /// <summary>Steps between measurements on held-out passages, at least 1. The default is 200.</summary>
    [Setting("Steps between measurements on held-out passages.", AtLeast = 1, Decides = false)]
    public int EvaluateEvery { get; init => field = SettingsSchema<QueryJudgeTrainerOptions>.Check(value); } = 200;

    /// <summary>Whether the weights are saved as fp16: half the size, for shipping. The default is fp32.</summary>
    [Setting("Save the weights as fp16: half the size.", Alias = "fp16", Decides = false)]
    public bool HalfWeights { get; init; }

    /// <summary>The precision of the matrix multiplications. The default follows the processor.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Where order, choice of queries, dropout and fresh weights come from. The default is 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Fills in the defaults that depend on other settings and on the processor.</summary>
    internal QueryJudgeTrainerOptions Resolve() => this with
    {
        WarmupSteps = WarmupSteps ?? Steps / 10,
        Precision = CpuFeatures.Current.Resolve(Precision),
    };
}
