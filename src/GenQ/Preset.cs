using GenQ.Data;
using GenQ.Models;
using GenQ.Training;

namespace GenQ;

/// <summary>
/// Models that belong together, the T5 that writes the queries and the encoder that is adapted, and the settings that suit them. The
/// settings are those of the published method where nothing else is said.
/// </summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Generator">The T5: a folder or a name on the hub.</param>
/// <param name="Base">The encoder: a folder or a name on the hub.</param>
public sealed record Preset(string Name, string Generator, string Base)
{
    /// <summary>How the generator writes.</summary>
    public DecodingOptions Decoding { get; init; } = new();

    /// <summary>How many of a passage's training queries are spans cut out of it, for this generator.</summary>
    public int Crops { get; init; }

    /// <summary>How the encoder is tuned.</summary>
    public BiEncoderTrainerOptions Training { get; init; } = new();

    /// <summary>
    /// GenQ's own small models, which come with it: English, offline, minutes on two cores. At temperature 1 the small
    /// generator writes much nonsense, and trained with hard labels on its queries the encoder forgets as much as it learns;
    /// all queries of a passage in one step teach it more in the same time: docs/experiments has the figures.
    /// </summary>
    public static Preset Mini { get; } = new("mini", "genq-mini-t5", "genq-mini-mpnet")
    {
        Decoding = new DecodingOptions { Temperature = 0.6, Count = 8 },
        Crops = 2,
        Training = new BiEncoderTrainerOptions
        {
            Labels = LabelKind.Soft,
            Neighbours = 4,
            QueriesTogether = 8,
            Epochs = 2,
            MaxSteps = 400,
            CheckpointEvery = 50,
            BaseShare = 0.25,
        },
    };

    /// <summary>The models of the published method, from the hub.</summary>
    public static Preset Published { get; } = new("base", "BeIR/query-gen-msmarco-t5-base-v1", "microsoft/mpnet-base");

    /// <summary>Finds a preset by its name.</summary>
    /// <exception cref="GenQException">There is none of that name.</exception>
    public static Preset Named(string name) => name switch
    {
        "mini" => Mini,
        "base" => Published,
        _ => throw new GenQException($"There is no preset '{name}': choose mini or base, or name the models with --generator and --base."),
    };
}
