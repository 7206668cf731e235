using System.CommandLine;
using System.CommandLine.Parsing;
using GenQ.Compute;

namespace GenQ.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>The precision of matrix multiplications.</summary>
    public static Option<Precision> Precision { get; } = new Option<Precision>("--precision")
    {
        Description = "fp32, bf16 or auto: bf16 where the processor multiplies it faster.",
        DefaultValueFactory = _ => Compute.Precision.Auto,
    }.Names();

    /// <summary>8-bit weights.</summary>
    public static Option<bool> Int8 { get; } = new("--int8")
    {
        Description = "Multiply 8-bit whole numbers: faster where the processor can, a little less exact.",
    };

    /// <summary>Where all chance comes from.</summary>
    public static Option<long> Seed { get; } = new Option<long>("--seed")
    {
        Description = "Where all chance comes from.",
        DefaultValueFactory = _ => 42,
    }.WholeNumber();

    /// <summary>Threads of matrix multiplications.</summary>
    public static Option<int?> Threads { get; } = new Option<int?>("--threads")
    {
        Description = "Threads to compute with; all cores by default.",
    }.AtLeast(1);

    /// <summary>Models that belong together and their settings; "base" is an older name of the published ones.</summary>
    /// <remarks>Made when a verb asks for it: it reads all settings of the presets.</remarks>
    public static Option<string> Preset => field ??= new Option<string>("--preset")
    {
        Description = "mini (the default; offline) or published (from the hub).",
        HelpName = "name",
    }.OneOf([.. GenQ.Preset.All.Select(preset => preset.Name), "base"]);

    /// <summary>Print one JSON object.</summary>
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON object on stdout, the rest on stderr.",
    };

    /// <summary>How stdin is read.</summary>
    public static Option<bool> JsonLines { get; } = new("--json-lines")
    {
        Description = "Each line of stdin is a JSON string, so that a text may hold line breaks.",
    };

    /// <summary>The preset that was named, or the default one.</summary>
    public static Preset PresetOf(ParseResult parsed) => parsed.GetValue(Preset) is { } name ? GenQ.Preset.Named(name) : GenQ.Preset.Mini;

    /// <summary>Refuses both or neither of a run folder and a model.</summary>
    public static void RequireOne(CommandResult result, Argument<string?> run, Option<string?> model)
    {
        if ((result.GetValue(run) is null) == (result.GetValue(model) is null)) result.AddError($"Give either a run folder, or {model.Name}.");
    }

    /// <summary>Refuses options that would be passed over, because a run keeps the settings it was begun with.</summary>
    public static void RefuseForRun(CommandResult result, params IEnumerable<Option> options)
    {
        foreach (Option option in options)
        {
            if (result.GetResult(option) is { Implicit: false })
                result.AddError($"{option.Name} is not for a run, which keeps the settings it was begun with: begin another with 'genq run'.");
        }
    }

    /// <summary>Refuses what looks like an option and stands where folders stand.</summary>
    public static void RefuseUnknown(CommandResult result, Argument<string[]> folders)
    {
        foreach (string word in (result.GetValue(folders) ?? []).Where(word => word.StartsWith("--", StringComparison.Ordinal) && !Path.Exists(word)))
            result.AddError($"There is no option {word}.");
    }

    /// <summary>Sets the number of threads, where one is given.</summary>
    public static void ApplyThreads(ParseResult parsed)
    {
        if (parsed.GetValue(Threads) is { } threads) Models.Threads.Use(threads);
    }
}
