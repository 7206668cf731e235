using GenQ.Compute;
using GenQ.Data;

namespace GenQ.Training;

/// <summary>Settings of <see cref="EncoderDistiller"/>.</summary>
public sealed record EncoderDistillerOptions
{
    /// <summary>Optimiser steps, at least 1. The default is 8,000: half a million texts in batches of 64.</summary>
    [Setting("Optimiser steps.", AtLeast = 1)]
    public int Steps { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); } = 8000;

    /// <summary>Texts of a step, at least 3: each has two others to be compared with. The default is 64.</summary>
    [Setting("Texts of a step.", AtLeast = 3)]
    public int BatchSize { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); } = 64;

    /// <summary>
    /// Batches that are drawn together and sorted by length before they are cut, at least 1. The default is 16: the texts
    /// of a batch are about equally long, which is faster. With 1 a batch compares short texts with long ones.
    /// </summary>
    [Setting("Batches sorted by length together; 1 mixes short and long texts in each batch.", AtLeast = 1)]
    public int PoolBatches { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); } = 16;

    /// <summary>
    /// Texts of a batch that come from one neighbourhood of the input, at least 1. Neighbours, such as the questions of one passage and
    /// the passage, or the functions of one library, are alike, and to tell them apart is what a search has to do. The default
    /// is 1: a batch of texts that have nothing to do with one another. With more, a batch holds texts of all lengths.
    /// </summary>
    [Setting("Texts of a batch that come from one neighbourhood of the input.", AtLeast = 1)]
    public int Neighbours { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); } = 1;

    /// <summary>
    /// Whether the second of a group of <see cref="Neighbours"/> that begins with a query is the passage that it was asked of, from its start: so a
    /// step compares queries with their answers. The default is no.
    /// </summary>
    [Setting("Put the passage of a query beside it, where groups of neighbours are drawn.", CameLater = true)]
    public bool AnswersBeside { get; init; }

    /// <summary>
    /// The share of short texts (questions, sentences), taken whole, in [0, 1]; the rest are spans of long texts. The
    /// default is 0.3: a search reads more passages than queries.
    /// </summary>
    [Setting("Share of short texts, taken whole; the rest are spans of long ones.", AtLeast = 0, AtMost = 1)]
    public double ShortShare { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); } = 0.3;

    /// <summary>
    /// The fewest words of a span, at least 1. The logarithm of a span's length is uniform between this and <see cref="LongestSpan"/>.
    /// The default is 4: short spans, of which there are more different ones, are the most frequent. A network that knows those
    /// wants longer ones, as passages are.
    /// </summary>
    [Setting("Fewest words of a span.", AtLeast = 1)]
    public int ShortestSpan { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); } = 4;

    /// <summary>
    /// The most words of a span, at least 4. The default is 110: a passage that fits <see cref="MaxSequenceLength"/>. Longer ones want
    /// that raised too, and are slower.
    /// </summary>
    [Setting("Most words of a span.", AtLeast = 4)]
    public int LongestSpan { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); } = 110;

    /// <summary>
    /// The highest learning rate, above 0. The default is 8e-4: a small network bears it, and learns from its first steps on.
    /// </summary>
    [Setting("Peak learning rate.", Above = 0)]
    public double LearningRate { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); } = 8e-4;

    /// <summary>Steps over which the learning rate rises, at least 0. The default is a tenth of all steps, 500 at most.</summary>
    [Setting("Steps over which the learning rate rises.", Default = "a tenth of all, 500 at most", AtLeast = 0)]
    public int? WarmupSteps { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); }

    /// <summary>Decoupled weight decay, not of biases and norms, at least 0. The default is 0.01, as in the tuning of encoders.</summary>
    [Setting("Decoupled weight decay, not of biases and norms.", AtLeast = 0)]
    public double WeightDecay { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); } = 0.01;

    /// <summary>
    /// The weight of the distance to the teacher's vectors beside the divergence of the similarities, at least 0. The
    /// default is 10: the distance leads, 3.4 of a loss of 4.7 after a hundred steps.
    /// </summary>
    [Setting("Weight of the distance to the teacher's vectors, beside that of similarities.", AtLeast = 0)]
    public double CosineWeight { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); } = 10;

    /// <summary>
    /// The weight of the distance of the tokens' states to the teacher's, at least 0. The default is 0: only the vectors of whole texts are
    /// compared. More says far more of each text, but student and teacher must cut texts into the same tokens. Where the two have as many layers of
    /// the same width, the states of all layers are compared. Of several teachers the first is compared with, and must have the student's sizes.
    /// Queries that the teacher reads behind a prompt are compared by their vectors alone.
    /// </summary>
    [Setting("Weight of the distance of the tokens' states to the first teacher's.", AtLeast = 0)]
    public double StatesWeight { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); }

    /// <summary>
    /// Whether each layer is taught alone, to say what the teacher's layer says where it reads what that reads; of the weights above none
    /// counts then. The default is no. It takes a student of as many layers and the same width as the teacher, and the teacher's vocabulary, and is the
    /// quickest start from random weights; a training of the whole network should follow. Of several teachers the first alone is learned from.
    /// </summary>
    [Setting("Teach each layer alone to say what the first teacher's says.")]
    public bool LayerByLayer { get; init; }

    /// <summary>
    /// Whether the layers' matrices move as <see cref="Training.Muon"/> says, all else as AdamW does. The default is no. It needs about two thirds of the texts
    /// from random weights on, and a tenth to a quarter more time for a step.
    /// </summary>
    [Setting("Move the layers' matrices with Muon, all else with AdamW.")]
    public bool Muon { get; init; }

    /// <summary>
    /// The most tokens that both networks read of a text, special ones counted, at least 3. The default is 160, which nearly
    /// all of the longest spans need not be cut to.
    /// </summary>
    [Setting("Tokens that both networks read of a text.", AtLeast = 3, Alias = "max-length")]
    public int MaxSequenceLength { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); } = 160;

    /// <summary>
    /// Texts whose vectors decide how the teacher's are projected, at least 1. The default is 8,000, twenty times the
    /// width of a small teacher.
    /// </summary>
    [Setting("Texts that decide how the teacher's vectors are projected.", AtLeast = 1)]
    public int ProjectionTexts { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); } = 8000;

    /// <summary>Steps between checkpoints, at least 1. The default is 500.</summary>
    [Setting("Training steps between checkpoints.", AtLeast = 1, Decides = false)]
    public int CheckpointEvery { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); } = 500;

    /// <summary>Steps between measurements on held-out texts, at least 1. The default is 500.</summary>
    [Setting("Steps between measurements on held-out texts.", AtLeast = 1, Decides = false)]
    public int EvaluateEvery { get; init => field = SettingsSchema<EncoderDistillerOptions>.Check(value); } = 500;

    /// <summary>Whether the weights are saved as fp16: half the size, for shipping. The default is fp32.</summary>
    [Setting("Save the weights as fp16: half the size.", Alias = "fp16", Decides = false)]
    public bool HalfWeights { get; init; }

    /// <summary>
    /// The precision of both networks' matrix multiplications; weights and optimizer are fp32 in each. The default follows the processor.
    /// </summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Where the texts of each step come from. The default is 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Fills in the defaults that depend on other settings and on the processor.</summary>
    internal EncoderDistillerOptions Resolve() => this with
    {
        WarmupSteps = WarmupSteps ?? Math.Min(500, Steps / 10),
        Precision = CpuFeatures.Current.Resolve(Precision),
    };
}
