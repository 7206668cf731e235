using System.Text.Json.Nodes;

namespace GenQ;

/// <summary>Reads the settings of genq.json as earlier versions wrote them; in that of 0.1 nothing was grouped but decoding and training.</summary>
internal static class OldSettings
{
    // Where each was, and where it is; what is gone had no effect at its default.
    private static readonly (string Old, string Group, string Name)[] Moved =
    [
        ("hold_out", "", "holdout"),
        ("crops", "query", "crops"),
        ("int8_generator", "query", "int8_weights"),
    ];

    private static readonly string[] Decoding =
        ["count", "method", "temperature", "top_k", "top_p", "max_length", "max_input_length", "beams", "batch_size"];

    /// <summary>Brings settings into today's layout; those that are in it already stay as they are.</summary>
    public static JsonObject Renew(JsonObject settings)
    {
        // A run of before there were this filter and this choice has none; a file of a few settings says nothing of them.
        JsonObject renewed = settings.DeepClone().AsObject(), query = [];
        if (settings["training"] is JsonObject && settings["filter"] is not null)
        {
            renewed["filter_rank"] ??= 0;
            renewed["keep_best"] ??= false;
        }

        if (renewed["query"] is JsonObject own && own.TryGetPropertyValue("crops", out JsonNode? crops) && crops is null) own.Remove("crops");
        if (settings["decoding"] is not JsonObject decoding) return renewed;
        foreach (string name in Decoding) query[name] = decoding[name]?.DeepClone();
        renewed["query"] = query;
        foreach ((string old, string group, string name) in Moved)
        {
            if (settings[old] is { } value) (group.Length == 0 ? renewed : query)[name] = value.DeepClone();
        }

        renewed["seed"] = decoding["seed"]?.DeepClone() ?? 42;
        renewed["corpus"] = Corpus(settings);
        return renewed;
    }

    private static JsonObject Corpus(JsonObject settings)
    {
        foreach (string kind in (string[])["squad", "beir"])
        {
            if (settings[kind] is { } path) return new JsonObject { ["kind"] = kind, ["paths"] = new JsonArray(path.DeepClone()) };
        }

        return new JsonObject { ["kind"] = "documents", ["paths"] = settings["documents"]?.DeepClone() ?? new JsonArray() };
    }
}
