using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Models;
using Microsoft.Extensions.AI;

namespace GenQ.Generation;

/// <summary>The form that a language model is asked to answer in: an example for those that read it, a schema for those that are held to one.</summary>
internal static class ChatForm
{
    /// <summary>How ratings look.</summary>
    public const string RatingsExample = """{"answers":[{"passage":1,"ratings":[9,4]}]}""";

    /// <summary>How queries look: a list for each kind.</summary>
    public static string Example(IReadOnlyList<QueryTask> asked)
    {
        JsonObject entry = new() { ["passage"] = 1 };
        foreach (QueryTask kind in asked) entry[ChatPrompt.Property(kind.Name)] = new JsonArray([.. Enumerable.Repeat(0, kind.Count).Select(_ => JsonValue.Create("…"))]);
        return new JsonObject { ["answers"] = new JsonArray(entry) }.ToJsonString(Readable);
    }

    /// <summary>The schema of queries.</summary>
    public static ChatResponseFormat Queries(IReadOnlyList<QueryTask> asked) => Format("queries", asked.Select(kind => ChatPrompt.Property(kind.Name)), "string");

    /// <summary>The schema of ratings.</summary>
    public static ChatResponseFormat Ratings { get; } = Format("ratings", ["ratings"], "integer");

    private static JsonSerializerOptions Readable { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Services that hold a model to its schema want every property required and no other allowed.
    private static ChatResponseFormatJson Format(string name, IEnumerable<string> lists, string items)
    {
        JsonObject properties = new() { ["passage"] = new JsonObject { ["type"] = "integer" } };
        foreach (string list in lists) properties[list] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = items } };
        JsonObject entry = Object(properties);
        JsonObject schema = Object(new JsonObject { ["answers"] = new JsonObject { ["type"] = "array", ["items"] = entry } });
        return ChatResponseFormat.ForJsonSchema(JsonSerializer.SerializeToElement(schema), name);
    }

    private static JsonObject Object(JsonObject properties) => new()
    {
        ["type"] = "object",
        ["properties"] = properties,
        ["required"] = new JsonArray([.. properties.Select(property => JsonValue.Create(property.Key))]),
        ["additionalProperties"] = false,
    };
}
