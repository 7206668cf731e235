using GenQ.Compute;
using GenQ.Data;

namespace GenQ.Training;

/// <summary>Settings of <see cref="BiEncoderTrainer"/>.</summary>
public sealed record BiEncoderTrainerOptions
{
    /// <summary>Passages of a step, each with a query of its own, at least 2. The default is 24, the published method's; more is harder and needs memory.</summary>
    public int BatchSize { get; init => field = Check.AtLeast(value, 2); } = 24;

    /// <summary>
    /// How many queries of a passage stand in a batch with it, at most, at least 1: they are short, so a step learns from
    /// all of them at a small part of the cost of as many passages. The default is 1, the published method: a batch of pairs.
    /// </summary>
    public int QueriesTogether { get; init => field = Check.AtLeast(value, 1); } = 1;

    /// <summary>Passes over the pairs, at least 1. The default is 1; the method's other setting is 3.</summary>
    public int Epochs { get; init => field = Check.AtLeast(value, 1); } = 1;

    /// <summary>
    /// The most steps, at least 1, whatever the epochs: of a large corpus a part teaches how its texts are asked for. The default is as many as
    /// the epochs have.
    /// </summary>
    public int? MaxSteps { get; init => field = value is { } steps ? Check.AtLeast(steps, 1) : null; }

    /// <summary>The highest learning rate, above 0. The default is 2e-5, that of sentence-transformers' fit().</summary>
    public double LearningRate { get; init => field = Check.Positive(value); } = 2e-5;

    /// <summary>The share of the steps over which the learning rate rises, in [0, 1]. The default is 0.1, the published method's.</summary>
    public double WarmupShare { get; init => field = Check.That(value, value is >= 0 and <= 1, "between 0 and 1"); } = 0.1;

    /// <summary>Decoupled weight decay, not of biases and norms, at least 0. The default is 0.01, that of sentence-transformers' fit().</summary>
    public double WeightDecay { get; init => field = Check.AtLeast(value, 0); } = 0.01;

    /// <summary>The most tokens read of a text, special ones counted, at least 3. The default is the model's own limit.</summary>
    public int? MaxSequenceLength { get; init => field = value is { } length ? Check.AtLeast(length, 3) : null; }

    /// <summary>Steps between checkpoints, at least 1. The default is 500, that of sentence-transformers' fit().</summary>
    public int CheckpointEvery { get; init => field = Check.AtLeast(value, 1); } = 500;

    /// <summary>
    /// The share of the base's weights in the saved model, in [0, 1): the rest are the trained ones (Wortsman et al. 2022, "Robust
    /// fine-tuning of zero-shot models"). It keeps most of a gain and takes most of a harm away. The default is 0, the
    /// published method.
    /// </summary>
    public double BaseShare { get; init => field = Check.That(value, value is >= 0 and < 1, "at least 0 and below 1"); }

    /// <summary>What counts as the right answer to a query. The default is <see cref="LabelKind.Hard"/>, the published method.</summary>
    public LabelKind Labels { get; init; }

    /// <summary>
    /// Passages of a batch that are alike, as the untuned model finds them, at least 1: to tell those apart is what a search has
    /// to do. The default is 1, the published method: a batch of any passages.
    /// </summary>
    public int Neighbours { get; init => field = Check.AtLeast(value, 1); } = 1;

    /// <summary>Whether the weights are saved as fp16: half the size, for shipping. The default is fp32.</summary>
    public bool HalfWeights { get; init; }

    /// <summary>The precision of the products; weights and optimizer are fp32 in each. The default follows the processor.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Where to compute: "cpu", "cuda" or "cuda:1". The default is the CPU.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Where the order of the pairs and dropout come from. The default is 42.</summary>
    public long Seed { get; init; } = 42;
}
