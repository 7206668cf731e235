using System.CommandLine;
using System.CommandLine.Parsing;
using GenQ.Training;

namespace GenQ.Cli;

/// <summary>The encoder that a training starts from: a trained one, or random weights.</summary>
internal static class StartOptions
{
    /// <summary>A trained encoder.</summary>
    public static Option<string?> Base { get; } = new("--base")
    {
        Description = "The encoder to start from: a folder or a name on the hub.",
    };

    /// <summary>The sizes of an untrained one.</summary>
    public static Option<string?> FromScratch { get; } = new("--from-scratch")
    {
        Description = "A folder with config.json and vocab.txt: start from random weights.",
    };

    /// <summary>What an untrained one knows of words.</summary>
    public static Option<string?> WordEmbeddings { get; } = new("--word-embeddings")
    {
        Description = "From scratch, the word embeddings of this model are taken over, projected to the new width.",
    };

    /// <summary>The teacher that an untrained one begins as.</summary>
    public static Option<string?> LayersOf { get; } = new("--layers-of")
    {
        Description = "From scratch, an MPNet or a smaller BERT begins as this BERT: its first layers, words and positions.",
    };

    /// <summary>Refuses two starts, and word embeddings or layers that would be passed over.</summary>
    public static void RefuseContradictions(CommandResult result)
    {
        bool hasWords = result.GetValue(WordEmbeddings) is not null, hasLayers = result.GetValue(LayersOf) is not null;
        if (hasWords && hasLayers) result.AddError("--layers-of takes the word embeddings over too: leave --word-embeddings out.");
        if (result.GetValue(Base) is null) return;
        if (result.GetValue(FromScratch) is not null) result.AddError("Give either --base or --from-scratch.");
        else if (hasLayers) result.AddError("--layers-of is for --from-scratch: a base has its own, leave it out.");
        else if (hasWords) result.AddError("--word-embeddings is for --from-scratch: a base has its own, leave it out.");
    }

    /// <summary>
    /// Gives the folder or name to start from, one of the options being given, and makes the untrained encoder in
    /// <c>start/</c> of the output where it is missing or was made from something else.
    /// </summary>
    public static string Resolve(ParseResult parsed, string output)
    {
        if (parsed.GetValue(FromScratch) is not { } sizes) return parsed.GetValue(Base)!;
        string folder = Path.Combine(output, "start");
        FreshEncoder.Create(sizes, folder, parsed.GetValue(CommonOptions.Seed), parsed.GetValue(WordEmbeddings), parsed.GetValue(LayersOf));
        return folder;
    }
}
