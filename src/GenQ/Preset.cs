using GenQ.Data;

namespace GenQ;

/// <summary>A pair of models that belong together: the T5 that writes the queries and the encoder that is adapted.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Generator">The T5: a folder or a name on the hub.</param>
/// <param name="Base">The encoder: a folder or a name on the hub.</param>
public sealed record Preset(string Name, string Generator, string Base)
{
    /// <summary>GenQ's own small models, which come with it: English, offline, minutes on two cores.</summary>
    public static Preset Mini { get; } = new("mini", "genq-mini-t5", "genq-mini-mpnet");

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
