using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Training;

namespace GenQ;

/// <summary>
/// Models that belong together, the T5 that writes the queries and the encoder that is adapted, and the settings that suit them. The
/// settings are those of the published method where nothing else is said.
/// </summary>
/// <param name="Name">What people call it.</param>
/// <param name="Generator">The T5: a folder or a name on the hub.</param>
/// <param name="Base">The encoder: a folder or a name on the hub.</param>
public sealed record Preset(string Name, string Generator, string Base)
{
    /// <summary>The judge that chooses among this generator's candidates: a folder or a name; <see langword="null"/> where there is none.</summary>
    public string? Judge { get; init; }

    /// <summary>Among how many of the best a query has to find its passage to be trained on; 0 is off.</summary>
    public int FilterRank { get; init; }

    /// <summary>How the encoder is tuned.</summary>
    public BiEncoderTrainerOptions Training { get; init; } = new();

    /// <summary>
    /// GenQ's own small models, which come with it: English, offline, minutes on two cores. Half of what the small generator writes is vague or nonsense:
    /// a judge leaves some of it out, and what does not find its passage teaches nothing. All queries of a passage in one step teach more in the same
    /// time: docs/experiments has the figures.
    /// </summary>
    public static Preset Mini { get; } = new("mini", "genq-mini-t5", "genq-mini-mpnet")
    {
        Judge = "genq-mini-judge",
        FilterRank = 5,
        Training = new BiEncoderTrainerOptions
        {
            Neighbours = 4,
            QueriesTogether = 8,
            Epochs = 2,
            MaxSteps = 200,
            CheckpointEvery = 50,
            BaseShare = 0.25,
            NearDuplicatesApart = true,
        },
    };

    /// <summary>The models and the settings of the published method, from the hub.</summary>
    public static Preset Published { get; } = new("published", "BeIR/query-gen-msmarco-t5-base-v1", "microsoft/mpnet-base");

    /// <summary>All presets.</summary>
    public static IReadOnlyList<Preset> All { get; } = [Mini, Published];

    /// <summary>Finds a preset by its name; "base" is an older name of the published one.</summary>
    /// <exception cref="GenQException">There is none of that name.</exception>
    public static Preset Named(string name) => All.FirstOrDefault(preset => preset.Name == (name == "base" ? Published.Name : name))
        ?? throw new GenQException($"There is no preset '{name}': there are {string.Join(" and ", All.Select(preset => preset.Name))}.");

    /// <summary>Makes settings: the preset's, under those of a file, under those that are given one by one.</summary>
    /// <param name="corpus">Where the passages come from.</param>
    /// <param name="values">Values in the layout of genq.json's settings, the later over the earlier.</param>
    /// <exception cref="GenQException">A name is no setting, or a value is none of its setting.</exception>
    internal GenQSettings Under(CorpusSource corpus, params IEnumerable<JsonObject> values)
    {
        GenQSettings settings = new() { Corpus = corpus, Generator = Generator, Base = Base, FilterRank = FilterRank, Training = Training };
        JsonObject[] given = [.. values];
        GenQSettings merged = given.Aggregate(settings, SettingsSchema<GenQSettings>.With);

        // Whose queries are trained on decides what suits the training, so it has to be known first.
        return merged.Chat.Writer is null ? merged : given.Aggregate(settings.ForLanguageModel(), SettingsSchema<GenQSettings>.With);
    }
}
