using GenQ.Data;
using GenQ.Text;

namespace GenQ.Models;

/// <summary>How a T5 writes texts. The defaults are the published GenQ settings.</summary>
public sealed record DecodingOptions
{
    /// <summary>How the next token is chosen. The default is sampling: three different queries are worth more than one.</summary>
    [Setting("sample, greedy (one text) or beam.")]
    public DecodingMethod Method { get; init; } = DecodingMethod.Sample;

    /// <summary>Texts written for each text read, at least 1. The default is 3, as in GenQ.</summary>
    [Setting("Texts written of a text read: the queries of a passage.", AtLeast = 1)]
    public int Count { get; init => field = SettingsSchema<DecodingOptions>.Check(value); } = 3;

    /// <summary>Sampling draws among this many likeliest tokens, ties with the last one included; 0 is off. The default is 50.</summary>
    [Setting("Sampling draws among this many tokens; 0 is all.", AtLeast = 0)]
    public int TopK { get; init => field = SettingsSchema<DecodingOptions>.Check(value); } = 50;

    /// <summary>Sampling draws among the likeliest tokens that together reach this probability, in (0, 1]. The default is 0.95.</summary>
    [Setting("Sampling draws among tokens of this probability together.", Above = 0, AtMost = 1)]
    public double TopP { get; init => field = SettingsSchema<DecodingOptions>.Check(value); } = 0.95;

    /// <summary>Divides the logits before sampling, above 0: lower is safer, higher more varied. The default is 1.</summary>
    [Setting("Lower is safer, higher more varied.", Above = 0)]
    public double Temperature { get; init => field = SettingsSchema<DecodingOptions>.Check(value); } = 1;

    /// <summary>
    /// Texts drawn for each that is kept, at least 1: those stay whose tokens the T5 finds likeliest in the mean. The default is 1. Sampling alone
    /// heeds it.
    /// </summary>
    [Setting("Texts drawn for each that is kept: the likeliest stay.", AtLeast = 1, CameLater = true)]
    public int Candidates { get; init => field = SettingsSchema<DecodingOptions>.Check(value); } = 1;

    /// <summary>
    /// A text whose tokens have a lower mean log-probability stays empty: what the T5 itself finds unlikely is mostly nonsense. The default is
    /// none. In generation_config.json it is logprob_threshold, transformers' name for the same rule of Whisper.
    /// </summary>
    [Setting("A text whose tokens have a lower mean log-probability stays empty.", Default = "none", AtMost = 0, CameLater = true)]
    public double? LogprobThreshold { get; init => field = SettingsSchema<DecodingOptions>.Check(value); }

    /// <summary>No run of this many tokens is written twice in a text, at least 0; 0 is off, the default. Beams do not heed it.</summary>
    [Setting("No run of this many tokens is written twice; 0 is off.", AtLeast = 0, CameLater = true)]
    public int NoRepeatNgram { get; init => field = SettingsSchema<DecodingOptions>.Check(value); }

    /// <summary>
    /// Whether only words are written that stand in the text or in the generator's query-words.txt. The default is no; a generator without that list
    /// writes any. Beams do not heed it.
    /// </summary>
    [Setting("Write only words of the passage, and common ones that the generator lists.", CameLater = true)]
    public bool OnlyKnownWords { get; init; }

    /// <summary>
    /// A query is written of a stretch of the passage, of whole sentences that have about so many words together, at least 0; 0 is the whole passage,
    /// the default. It counts where a judge chooses among the candidates. In generation_config.json it is window_words.
    /// </summary>
    [Setting("Where a judge chooses, words of the stretch of a passage that a query is written of; 0 is all.", AtLeast = 0, CameLater = true)]
    public int WindowWords { get; init => field = SettingsSchema<DecodingOptions>.Check(value); }

    /// <summary>The most tokens of a written text, start and end token counted, at least 2. The default is 64, as in GenQ.</summary>
    [Setting("Tokens of a written text, start and end counted.", AtLeast = 2)]
    public int MaxLength { get; init => field = SettingsSchema<DecodingOptions>.Check(value); } = 64;

    /// <summary>The most tokens read of a text, its end token counted. The default is 512, what T5 was trained on.</summary>
    [Setting("Tokens read of a text, its end token counted.", AtLeast = 2)]
    public int MaxInputLength { get; init => field = SettingsSchema<DecodingOptions>.Check(value); } = 512;

    /// <summary>Hypotheses that a beam search keeps, at least <see cref="Count"/>. The default is 4.</summary>
    [Setting("Hypotheses that a beam search keeps.", AtLeast = 1)]
    public int Beams { get; init => field = SettingsSchema<DecodingOptions>.Check(value); } = 4;

    /// <summary>Texts read at once. The default is 32: from there on a CPU is kept busy. Draws do not depend on it.</summary>
    [Setting("Texts read at once.", AtLeast = 1, Decides = false)]
    public int BatchSize { get; init => field = SettingsSchema<DecodingOptions>.Check(value); } = 32;

    /// <summary>Where all draws come from. The default is 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>
    /// The settings that a generator brings along: those of its generation_config.json, where that says that it samples, else the published ones.
    /// </summary>
    /// <param name="modelFolder">The generator's folder; no network is loaded.</param>
    /// <exception cref="GenQException">The file is broken, or a setting is out of range.</exception>
    public static DecodingOptions Of(string modelFolder)
    {
        string file = Path.Combine(modelFolder, "generation_config.json");
        DecodingOptions published = new();
        if (!File.Exists(file)) return published;
        try
        {
            GenerationConfig config = ConfigSchema.Read<GenerationConfig>(file);
            return config.DoSample != true ? published : published with
            {
                Temperature = config.Temperature ?? published.Temperature,
                TopK = config.TopK ?? published.TopK,
                TopP = config.TopP ?? published.TopP,
                MaxLength = config.MaxLength ?? published.MaxLength,
                Count = config.NumReturnSequences ?? published.Count,
                Candidates = config.Candidates ?? published.Candidates,
                LogprobThreshold = config.LogprobThreshold,
                NoRepeatNgram = config.NoRepeatNgramSize ?? published.NoRepeatNgram,
                OnlyKnownWords = config.OnlyKnownWords ?? published.OnlyKnownWords,
                WindowWords = config.WindowWords ?? published.WindowWords,
            };
        }
        catch (ArgumentException e)
        {
            throw new GenQException($"'{file}' should say how the generator samples: {e.Message} Get the file anew, or mend it.", e);
        }
    }

    /// <summary>Checks what no single property can.</summary>
    /// <exception cref="GenQException">The method cannot give as many texts.</exception>
    public void Validate()
    {
        if (Method == DecodingMethod.Beam && Beams < Count)
            throw new GenQException($"A beam search with {Beams} beams cannot give {Count} texts: raise the beams or lower the count.");
        if (Method == DecodingMethod.Greedy && Count > 1)
            throw new GenQException($"Greedy decoding gives one text, not {Count}: set the count to 1, or sample.");
    }

    // What of transformers' generation_config.json matters here, and candidates and only_known_words, which are GenQ's own; null is as good as absent.
    private sealed record GenerationConfig(
        [property: ConfigValue] bool? DoSample,
        [property: ConfigValue] double? Temperature,
        [property: ConfigValue] int? TopK,
        [property: ConfigValue] double? TopP,
        [property: ConfigValue(ConfigKind.Size)] int? MaxLength,
        [property: ConfigValue(ConfigKind.Count)] int? NumReturnSequences,
        [property: ConfigValue(ConfigKind.Count)] int? Candidates,
        [property: ConfigValue] double? LogprobThreshold,
        [property: ConfigValue] int? NoRepeatNgramSize,
        [property: ConfigValue] int? WindowWords,
        [property: ConfigValue] bool? OnlyKnownWords);
}
