using System.CommandLine;
using GenQ.Compute;

namespace GenQ.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>The precision of the products.</summary>
    public static Option<Precision> Precision { get; } = new("--precision")
    {
        Description = "fp32, bf16 or auto: bf16 where the processor multiplies it in hardware.",
        DefaultValueFactory = _ => Compute.Precision.Auto,
    };

    /// <summary>Where all chance comes from.</summary>
    public static Option<long> Seed { get; } = new("--seed") { Description = "Where all chance comes from.", DefaultValueFactory = _ => 42 };

    /// <summary>Threads of the products.</summary>
    public static Option<int?> Threads { get; } = new("--threads") { Description = "Threads to compute with; all cores by default." };

    /// <summary>Print one JSON object.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object on stdout, everything else on stderr." };

    /// <summary>How stdin is read.</summary>
    public static Option<bool> JsonLines { get; } = new("--json-lines")
    {
        Description = "Each line of stdin is a JSON string, so that a text may hold line breaks.",
    };

    /// <summary>Sets the number of threads, where one is given.</summary>
    public static void ApplyThreads(ParseResult parsed)
    {
        if (parsed.GetValue(Threads) is { } threads) Models.Threads.Use(threads);
    }
}
