using System.Text.Json;

namespace GenQ;

/// <summary>How a run's JSON files are written that a person may open: indented, names in snake case, lines ended alike on every system.</summary>
internal static class IndentedJson
{
    public static JsonSerializerOptions Options { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n" };
}
