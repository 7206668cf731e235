using GenQ.Compute;
using GenQ.Data;
using GenQ.Generation;
using GenQ.Training;

namespace GenQ;

/// <summary>Everything that decides what a run makes. The defaults are the mini preset's.</summary>
public sealed record GenQSettings
{
    /// <summary>Where the passages come from.</summary>
    public CorpusSource Corpus { get; init; } = CorpusSource.None;

    /// <summary>A BEIR folder with labelled queries to measure on, in place of generated ones.</summary>
    [Setting("A BEIR folder with labelled queries to measure on.")]
    public string? Labelled { get; init; }

    /// <summary>The T5 that writes the queries: a folder or a name on the hub.</summary>
    [Setting("The T5 that writes the queries: a folder or a hub name.")]
    public string Generator { get; init; } = Preset.Mini.Generator;

    /// <summary>The encoder that is adapted: a folder or a name on the hub.</summary>
    [Setting("The encoder that is adapted: a folder or a hub name.")]
    public string Base { get; init; } = Preset.Mini.Base;

    /// <summary>The share of documents that only give evaluation queries, in [0, 1).</summary>
    [Setting(
        "Share of documents that only give evaluation queries.", Default = "a tenth; none where labelled queries are given", AtLeast = 0, Below = 1)]
    public double? Holdout { get; init => field = SettingsSchema<GenQSettings>.Check(value); }

    /// <summary>Whether pairs that teach nothing are dropped before training.</summary>
    [Setting("Drop duplicate and one-word queries before training; empty ones are left out all the same.")]
    public bool Filter { get; init; } = true;

    /// <summary>Among how many of the best the base and BM25 together have to find a query's passage, or the query is dropped, at least 0; 0 is off.</summary>
    [Setting(
        "Drop a query that does not find its passage among so many best of the base and BM25 together; 0 is off.", AtLeast = 0)]
    public int FilterRank { get; init => field = SettingsSchema<GenQSettings>.Check(value); } = Preset.Mini.FilterRank;

    /// <summary>Whether a run keeps what queries of the passages that are set aside support: the trained model, its average with the base, or the base.</summary>
    [Setting("Keep what held-out queries support: the trained model, its average with the base, or the base.")]
    public bool KeepBest { get; init; } = true;

    /// <summary>How many of a passage's training queries the words index reads beside its text, at least 0: the first that are kept.</summary>
    [Setting("How many of a passage's queries BM25 reads beside its text; 0 is none.", AtLeast = 0)]
    public int IndexedQueries { get; init => field = SettingsSchema<GenQSettings>.Check(value); }

    /// <summary>Whether a run exports its model as ONNX, so that a search needs no torch.</summary>
    [Setting("Export the adapted model as ONNX too: a search needs no torch then, and starts faster.")]
    public bool Export { get; init; } = true;

    /// <summary>The precision of matrix multiplications.</summary>
    [Setting("fp32, bf16, or auto: bf16 where that is faster.")]
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Where all chance comes from.</summary>
    [Setting("Where all chance comes from.")]
    public long Seed { get; init; } = 42;

    /// <summary>How queries are written.</summary>
    [SettingGroup]
    public QuerySettings Query { get; init; } = new();

    /// <summary>How a language model is asked for queries, where one writes in place of the T5.</summary>
    [SettingGroup]
    public ChatWriterOptions Chat { get; init; } = new();

    /// <summary>How the encoder is tuned. Precision and seed are the run's.</summary>
    [SettingGroup]
    public BiEncoderTrainerOptions Training { get; init; } = Preset.Mini.Training;

    /// <summary>
    /// The same settings with what suits the queries of a good language model: few of them do, so 1,000 passages get them, spread over the corpus; and they
    /// can be trusted, so labels are hard and 0.4 of every weight is the base's again. Each can be set otherwise.
    /// </summary>
    public GenQSettings ForLanguageModel() => this with
    {
        Query = Query with { Passages = Query.Passages ?? 1000 },
        FilterRank = 0,
        Training = Training with { Labels = LabelKind.Hard, QueriesTogether = 1, Epochs = 1, BaseShare = 0.4 },
    };

    /// <summary>The judge that chooses among the candidates, with its default resolved; null where none does.</summary>
    internal string? Judge => Query.JudgeOf(Generator);

    /// <summary>The labelled queries that the run is measured on, if any.</summary>
    internal string? LabelledTask => Labelled ?? (Corpus.Kind == CorpusKind.Beir ? Corpus.Path : null);

    /// <summary>Whether held-out queries choose what is kept of the training; labelled ones measure, and choose nothing.</summary>
    internal bool ChoosesModel => KeepBest && LabelledTask is null;

    /// <summary>The share held out, with its default resolved.</summary>
    internal double HeldOutShare => Holdout ?? (LabelledTask is null ? 0.1 : 0);

    /// <summary>For how many passages training queries are written at most: as many as are asked for, and one for each place in a batch of an epoch, where the steps are limited.</summary>
    internal int? MostTrainingPassages
    {
        get
        {
            int? places = Training.MaxSteps is { } steps ? (int)Math.Min(int.MaxValue, (long)steps * Training.BatchSize / Training.Epochs) : null;
            return Query.Passages is { } most ? Math.Min(most, places ?? most) : places;
        }
    }

    /// <summary>The resolved <see cref="Precision"/>, "fp32" or "bf16".</summary>
    internal string PrecisionInUse => CpuFeatures.Current.Resolve(Precision).ToString().ToLowerInvariant();
}
