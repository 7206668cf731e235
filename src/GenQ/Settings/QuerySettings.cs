using GenQ.Data;
using GenQ.Generation;
using GenQ.Models;

namespace GenQ;

/// <summary>How a run's queries are written. What is not set is as the generator's own generation_config.json has it, else as published.</summary>
public sealed record QuerySettings
{
    // The words of Judge for none, and for the language model that writes.
    private const string NoJudge = "off", WriterAsJudge = "writer";

    /// <summary>Queries of a passage, crops included, at least 1.</summary>
    [SettingOf(typeof(DecodingOptions))]
    public int? Count { get; init => field = SettingsSchema<QuerySettings>.Check(value); }

    /// <summary>How many of a passage's training queries are spans cut out of it, in place of generated ones, at least 0.</summary>
    [Setting(
        "How many of a passage's queries are spans cut out of it, in place of generated ones.",
        AtLeast = 0)]
    public int Crops { get; init => field = SettingsSchema<QuerySettings>.Check(value); }

    /// <summary>How many queries of each kind that the generator knows: "question=2,keywords=1"; a kind that is not named is not written.</summary>
    [Setting("Queries of each kind that the generator knows, as question=2,keywords=1.", Default = "the generator's own")]
    public string? Kinds { get; init; }

    /// <summary>The most passages that get training queries, spread over the corpus, at least 1.</summary>
    [Setting(
        "The most passages that get training queries, spread over the corpus.",
        Default = "1000 where a language model writes, else as many as each epoch of the training has a place for", AtLeast = 1)]
    public int? Passages { get; init => field = SettingsSchema<QuerySettings>.Check(value); }

    /// <summary>How the next token is chosen.</summary>
    [SettingOf(typeof(DecodingOptions))]
    public DecodingMethod? Method { get; init; }

    /// <summary>Divides the logits before sampling, above 0.</summary>
    [SettingOf(typeof(DecodingOptions))]
    public double? Temperature { get; init => field = SettingsSchema<QuerySettings>.Check(value); }

    /// <summary>Sampling draws among this many likeliest tokens; 0 is all.</summary>
    [SettingOf(typeof(DecodingOptions))]
    public int? TopK { get; init => field = SettingsSchema<QuerySettings>.Check(value); }

    /// <summary>Sampling draws among the likeliest tokens that together reach this probability, in (0, 1].</summary>
    [SettingOf(typeof(DecodingOptions))]
    public double? TopP { get; init => field = SettingsSchema<QuerySettings>.Check(value); }

    /// <summary>Queries drawn for each that is kept: the likeliest stay.</summary>
    [SettingOf(typeof(DecodingOptions))]
    public int? Candidates { get; init => field = SettingsSchema<QuerySettings>.Check(value); }

    /// <summary>A query whose tokens have a lower mean log-probability stays empty.</summary>
    [SettingOf(typeof(DecodingOptions))]
    public double? LogprobThreshold { get; init => field = SettingsSchema<QuerySettings>.Check(value); }

    /// <summary>
    /// What chooses among a T5's candidates, in place of the likeliest: a judge of queries, a folder or a name; "writer", where a language model writes and
    /// is to rate its own queries in a second call; or "off". The default is the mini preset's where its generator writes, else off.
    /// </summary>
    [Setting(
        "Leaves poor queries empty: a judge of a T5's candidates, a folder or a name; writer: a language model rates its own; or off.",
        Default = "genq-mini-judge where the mini preset's generator writes, else off")]
    public string? Judge { get; init; }

    /// <summary>A query of which the judge is less sure stays empty, 0 to 1; a language model's rating of 10 is 1.</summary>
    [Setting("A query of which the judge is less sure than this stays empty; of a language model's rating, a tenth.", AtLeast = 0, AtMost = 1, CameLater = true)]
    public double JudgeThreshold { get; init => field = SettingsSchema<QuerySettings>.Check(value); } = T5QueryWriter.DefaultJudgeThreshold;

    /// <summary>Where a judge chooses, words of the stretch of a passage that a query is written of; 0 is all.</summary>
    [SettingOf(typeof(DecodingOptions))]
    public int? WindowWords { get; init => field = SettingsSchema<QuerySettings>.Check(value); }

    /// <summary>No run of this many tokens is written twice in a query; 0 is off.</summary>
    [SettingOf(typeof(DecodingOptions))]
    public int? NoRepeatNgram { get; init => field = SettingsSchema<QuerySettings>.Check(value); }

    /// <summary>Whether only words are written that stand in the passage or in the generator's list of common ones.</summary>
    [SettingOf(typeof(DecodingOptions))]
    public bool? OnlyKnownWords { get; init; }

    /// <summary>The most tokens of a query, start and end token counted, at least 2.</summary>
    [SettingOf(typeof(DecodingOptions))]
    public int? MaxLength { get; init => field = SettingsSchema<QuerySettings>.Check(value); }

    /// <summary>The most tokens read of a passage, its end token counted, at least 2.</summary>
    [SettingOf(typeof(DecodingOptions))]
    public int? MaxInputLength { get; init => field = SettingsSchema<QuerySettings>.Check(value); }

    /// <summary>Hypotheses that a beam search keeps, at least as many as queries are generated.</summary>
    [SettingOf(typeof(DecodingOptions))]
    public int? Beams { get; init => field = SettingsSchema<QuerySettings>.Check(value); }

    /// <summary>Passages read at once; draws do not depend on it.</summary>
    [SettingOf(typeof(DecodingOptions))]
    public int? BatchSize { get; init => field = SettingsSchema<QuerySettings>.Check(value); }

    /// <summary>Whether queries are written with 8-bit weights: faster where the processor can, a little less exact.</summary>
    [Setting("Write the queries with 8-bit weights: faster where the processor can, a little less exact.")]
    public bool Int8Weights { get; init; }

    /// <summary>The judge of a generator's candidates, with its default resolved; null where there is none.</summary>
    internal string? JudgeOf(string generator) => Judge switch
    {
        null => generator == Preset.Mini.Generator ? Preset.Mini.Judge : null,
        NoJudge or WriterAsJudge => null,
        _ => Judge,
    };

    /// <summary>The least rating, from 0 to 1, of a language model that rates its own queries; null where it does not.</summary>
    internal double? WriterJudgeThreshold => Judge == WriterAsJudge ? JudgeThreshold : null;

    /// <summary>Refuses a judge that could not be asked.</summary>
    /// <param name="isByLanguageModel">Whether a language model writes.</param>
    /// <param name="ratesItsQueries">Whether it rates what it writes.</param>
    /// <exception cref="GenQException">It could not.</exception>
    internal void RequireJudge(bool isByLanguageModel, bool ratesItsQueries)
    {
        if (Judge is null or NoJudge || (Judge == WriterAsJudge ? ratesItsQueries : !isByLanguageModel)) return;
        (string message, string expected, string remedy) = (isByLanguageModel, Judge) switch
        {
            (true, WriterAsJudge) => ("The writer is to rate its own queries, and this one was made without a threshold for that.", "off, or a writer with a judgeThreshold", NoJudge),
            (true, _) => ($"'{Judge}' is a judge of what a T5 writes, and a language model writes: it can rate its own queries.", "writer or off", WriterAsJudge),
            (false, _) => ("The writer is to rate its own queries, and that is no language model.", "a folder, a name, or off", NoJudge),
        };
        throw new GenQException(message) { Where = "query.judge", Expected = expected, Got = Judge, Remedy = new Remedy.Change(("query.judge", remedy)) };
    }

    /// <summary>These settings over the generator's own.</summary>
    internal DecodingOptions Over(DecodingOptions own, long seed) => own with
    {
        Count = Count ?? own.Count,
        Method = Method ?? own.Method,
        Temperature = Temperature ?? own.Temperature,
        TopK = TopK ?? own.TopK,
        TopP = TopP ?? own.TopP,
        Candidates = Candidates ?? own.Candidates,
        LogprobThreshold = LogprobThreshold ?? own.LogprobThreshold,
        WindowWords = WindowWords ?? own.WindowWords,
        NoRepeatNgram = NoRepeatNgram ?? own.NoRepeatNgram,
        OnlyKnownWords = OnlyKnownWords ?? own.OnlyKnownWords,
        MaxLength = MaxLength ?? own.MaxLength,
        MaxInputLength = MaxInputLength ?? own.MaxInputLength,
        Beams = Beams ?? own.Beams,
        BatchSize = BatchSize ?? own.BatchSize,
        Seed = seed,
    };
}
