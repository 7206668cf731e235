using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenQ.Data;

/// <summary>How a run's JSON files are written that a person may open: indented, names and choices in snake case, lines ended alike on every system.</summary>
internal static class IndentedJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        WriteIndented = true,
        NewLine = "\n",
    };
}
