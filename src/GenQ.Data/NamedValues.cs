using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenQ.Data;

/// <summary>Takes a record of options apart, so that a difference can be named by its option.</summary>
internal static class NamedValues
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Reads each property: "learning rate" and "2E-05".</summary>
    public static Dictionary<string, string> Of<T>(T options) => JsonSerializer.SerializeToElement(options, Json).EnumerateObject()
        .ToDictionary(property => property.Name.Replace('_', ' '), property => property.Value.ToString());
}
