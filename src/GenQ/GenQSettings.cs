using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Training;

namespace GenQ;

/// <summary>Everything that decides what a run makes.</summary>
public sealed record GenQSettings
{
    /// <summary>Files, folders and patterns of documents; a <c>.jsonl</c> file is a corpus in BEIR's layout.</summary>
    public IReadOnlyList<string> Documents { get; init; } = [];

    /// <summary>A SQuAD v1.1 file whose paragraphs are the passages, in place of documents.</summary>
    public string? Squad { get; init; }

    /// <summary>A BEIR folder whose corpus holds the passages, in place of documents; the run is measured on its queries.</summary>
    public string? Beir { get; init; }

    /// <summary>A BEIR folder with labelled queries to measure on, in place of generated ones.</summary>
    public string? Labelled { get; init; }

    /// <summary>The T5 that writes the queries. The default is the mini preset's.</summary>
    public string Generator { get; init; } = Preset.Mini.Generator;

    /// <summary>The encoder that is adapted. The default is the mini preset's.</summary>
    public string Base { get; init; } = Preset.Mini.Base;

    /// <summary>How queries are written. The default is what suits the mini preset's generator; <c>new()</c> is the published settings.</summary>
    public DecodingOptions Decoding { get; init; } = Preset.Mini.Decoding;

    /// <summary>
    /// How many of a passage's training queries are spans cut out of it, in place of generated ones, at least 0. The default is
    /// the mini preset's; 0 is the published method.
    /// </summary>
    public int Crops { get; init => field = Check.AtLeast(value, 0); } = Preset.Mini.Crops;

    /// <summary>How the encoder is tuned. The default is what suits the mini preset's base; <c>new()</c> is the published settings.</summary>
    public BiEncoderTrainerOptions Training { get; init; } = Preset.Mini.Training;

    /// <summary>
    /// The share of documents that only give evaluation queries, in [0, 1). The default is a tenth, and nothing where
    /// labelled queries are given.
    /// </summary>
    public double? HoldOut { get; init => field = Check.That(value, value is null or (>= 0 and < 1), "at least 0 and below 1"); }

    /// <summary>Whether pairs that teach nothing are dropped before training. The default is yes.</summary>
    public bool Filter { get; init; } = true;

    /// <summary>
    /// Among how many results of BM25 a query must find its passage to be trained on, at least 0. The default, 0, does not ask.
    /// </summary>
    public int RoundTrip { get; init => field = Check.AtLeast(value, 0); }

    /// <summary>The precision of the products. The default follows the processor.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>
    /// Whether queries are written with products of 8-bit whole numbers: faster where the processor can, a little less exact. The default is no.
    /// </summary>
    public bool Int8Generator { get; init; }

    /// <summary>The labelled queries that the run is measured on, if any.</summary>
    internal string? LabelledTask => Labelled ?? Beir;

    /// <summary>The share held out, with its default resolved.</summary>
    internal double HeldOutShare => HoldOut ?? (LabelledTask is null ? 0.1 : 0);

    /// <summary>How many training examples the queries of a passage make.</summary>
    internal int ExamplesOfPassage => (Decoding.Count + Training.QueriesTogether - 1) / Training.QueriesTogether;

    /// <summary>For how many passages training queries are written at most: one for each place in a batch, where the steps are limited.</summary>
    internal int? MostTrainingPassages => Training.MaxSteps is { } steps ? (int)Math.Min(int.MaxValue, (long)steps * Training.BatchSize) : null;

    /// <summary>What the training queries are, in words.</summary>
    internal string KindsOfQueries => Crops == 0 ? "generated queries"
        : Crops == Decoding.Count ? "spans cut out of the passages, in place of queries,"
        : $"queries, {Crops} of {Decoding.Count} cut out of their passage, the others generated,";

    /// <summary>The resolved <see cref="Precision"/>, "fp32" or "bf16".</summary>
    internal string PrecisionInUse => CpuFeatures.Current.Resolve(Precision).ToString().ToLowerInvariant();

    /// <summary>Checks what no single property can.</summary>
    /// <exception cref="GenQException">No source of passages, or more than one.</exception>
    internal void Validate()
    {
        int sources = (Documents.Count > 0 ? 1 : 0) + (Squad is null ? 0 : 1) + (Beir is null ? 0 : 1);
        if (Crops > Decoding.Count) throw new GenQException($"Of {Decoding.Count} queries a passage {Crops} cannot be crops: lower --crops or raise --queries.");
        if (sources != 1) throw new GenQException("Give either documents, or --squad FILE, or --beir FOLDER.");
    }
}
