using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenQ.Web;

/// <summary>How the API writes and reads JSON: names and choices in snake case, as all of GenQ's files and as OpenAI's API.</summary>
internal static class WebJson
{
    /// <summary>Sets the options.</summary>
    public static void Configure(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.MaxDepth = 16;
    }
}
