using System.Text.Json.Serialization;
using GenQ.Compute;
using GenQ.Data;

namespace GenQ.Training;

/// <summary>Settings of <see cref="BiEncoderTrainer"/>.</summary>
public sealed record BiEncoderTrainerOptions
{
    /// <summary>Passages of a step, each with a query of its own, at least 2. The default is 24, the published method's; more is harder and needs memory.</summary>
    [Setting("Passages of a training step, each with a query of its own or several.", AtLeast = 2)]
    public int BatchSize { get; init => field = SettingsSchema<BiEncoderTrainerOptions>.Check(value); } = 24;

    /// <summary>
    /// How many queries of a passage stand in a batch with it, at most, at least 1: they are short, so a step learns from
    /// all of them at a small part of the cost of as many passages. The default is 1, the published method: a batch of pairs.
    /// </summary>
    [Setting("Queries of a passage that stand in a batch with it, at most.", AtLeast = 1)]
    public int QueriesTogether { get; init => field = SettingsSchema<BiEncoderTrainerOptions>.Check(value); } = 1;

    /// <summary>Passes over the pairs, at least 1. The default is 1; the method's other setting is 3.</summary>
    [Setting("Passes over the pairs.", AtLeast = 1)]
    public int Epochs { get; init => field = SettingsSchema<BiEncoderTrainerOptions>.Check(value); } = 1;

    /// <summary>
    /// The most steps, at least 1, whatever the epochs: of a large corpus a part teaches how its texts are asked for. The default is as many as
    /// the epochs have.
    /// </summary>
    [Setting("The most training steps, whatever the epochs; a run writes queries for as many passages as they have places for.", Default = "no limit", AtLeast = 1)]
    public int? MaxSteps { get; init => field = SettingsSchema<BiEncoderTrainerOptions>.Check(value); }

    /// <summary>The highest learning rate, above 0. The default is 2e-5, that of sentence-transformers' fit().</summary>
    [Setting("Peak learning rate.", Above = 0)]
    public double LearningRate { get; init => field = SettingsSchema<BiEncoderTrainerOptions>.Check(value); } = 2e-5;

    /// <summary>The share of the steps over which the learning rate rises, in [0, 1]. The default is 0.1, the published method's.</summary>
    [Setting("Share of the steps over which the learning rate rises.", AtLeast = 0, AtMost = 1)]
    public double WarmupShare { get; init => field = SettingsSchema<BiEncoderTrainerOptions>.Check(value); } = 0.1;

    /// <summary>Decoupled weight decay, not of biases and norms, at least 0. The default is 0.01, that of sentence-transformers' fit().</summary>
    [Setting("Decoupled weight decay, not of biases and norms.", AtLeast = 0)]
    public double WeightDecay { get; init => field = SettingsSchema<BiEncoderTrainerOptions>.Check(value); } = 0.01;

    /// <summary>The most tokens read of a text, special ones counted, at least 3. The default is the model's own limit.</summary>
    [Setting("Tokens read of a text, special ones counted.", Default = "the model's own limit", AtLeast = 3, Alias = "max-length")]
    public int? MaxSequenceLength { get; init => field = SettingsSchema<BiEncoderTrainerOptions>.Check(value); }

    /// <summary>Steps between checkpoints, at least 1. The default is 500, that of sentence-transformers' fit().</summary>
    [Setting("Training steps between checkpoints.", AtLeast = 1, Decides = false)]
    public int CheckpointEvery { get; init => field = SettingsSchema<BiEncoderTrainerOptions>.Check(value); } = 500;

    /// <summary>
    /// The share of the base's weights in the saved model, in [0, 1): the rest are the trained ones (Wortsman et al. 2022, "Robust
    /// fine-tuning of zero-shot models"). It keeps most of a gain and takes most of a harm away. The default is 0, the
    /// published method.
    /// </summary>
    [Setting("Share of the base's weights in the adapted model; 0.5 is the average of before and after.", AtLeast = 0, Below = 1)]
    public double BaseShare { get; init => field = SettingsSchema<BiEncoderTrainerOptions>.Check(value); }

    /// <summary>What counts as the right answer to a query. The default is <see cref="LabelKind.Hard"/>, the published method.</summary>
    [Setting("hard: a query's own passage alone is right; soft: each passage as far as the base and BM25 find it; lifted: soft, its own passage first.")]
    public LabelKind Labels { get; init; }

    /// <summary>
    /// What a unit of BM25 counts for beside the scaled cosine while the model learns, at least 0: the model learns what words do not find (Gao et
    /// al. 2021, "Complement Lexical Retrieval Model with Semantic Residual Embeddings"). The default is 0, the published method.
    /// </summary>
    [Setting("What BM25 counts for beside the model while it learns, so that it learns what words do not find; 0 is nothing.", AtLeast = 0, CameLater = true)]
    public double WordsWeight { get; init => field = SettingsSchema<BiEncoderTrainerOptions>.Check(value); }

    /// <summary>
    /// Passages of a batch that are alike, as the untuned model finds them, at least 1: to tell those apart is what a search has
    /// to do. The default is 1, the published method: a batch of any passages.
    /// </summary>
    [Setting("Passages of a batch that the base finds alike.", AtLeast = 1)]
    public int Neighbours { get; init => field = SettingsSchema<BiEncoderTrainerOptions>.Check(value); } = 1;

    /// <summary>
    /// Whether passages that are nearly the same (0.8 of their runs of five words) stay out of each other's batch, since each answers the other's query. The
    /// default is false, the published method: only passages that are the same do.
    /// </summary>
    [Setting("Keep passages that are nearly the same out of each other's batch.", CameLater = true)]
    public bool NearDuplicatesApart { get; init; }

    /// <summary>
    /// How many times, at even distances and after the last step, the model is measured while it learns, at least 0, where the caller can measure it; the best point is
    /// what is saved. The default is 0, the published method: the last point.
    /// </summary>
    [Setting("Times that a run measures the model on held-out queries while it learns; the best point is kept. 0: the last is.", AtLeast = 0, CameLater = true)]
    public int Looks { get; init => field = SettingsSchema<BiEncoderTrainerOptions>.Check(value); }

    /// <summary>
    /// GiB of memory that the training may take, above 0. A batch that needs more goes through the network in parts, with the same gradients but for chance: each part drops
    /// elements of its own. The default is four fifths of what the machine or its container has.
    /// </summary>
    [Setting("GiB of memory that a training may take; a batch that needs more is computed in parts.", Default = "four fifths of the machine's", Above = 0, Decides = false, CameLater = true)]
    public double? Memory { get; init => field = SettingsSchema<BiEncoderTrainerOptions>.Check(value); }

    /// <summary>Whether the weights are saved as fp16: half the size, for shipping. The default is fp32.</summary>
    [Setting("Save the weights as fp16: half the size.", Alias = "fp16")]
    public bool HalfWeights { get; init; }

    /// <summary>The precision of the matrix multiplications; weights and optimizer are fp32 in each. The default follows the processor.</summary>
    [JsonIgnore]
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Where the order of the pairs and dropout come from. The default is 42.</summary>
    [JsonIgnore]
    public long Seed { get; init; } = 42;
}
