using System.Text.Json;

namespace GenQ.Data;

/// <summary>
/// Reads fields of JSON objects by hand. A serializer finds out how to fill a record whenever a process begins, which takes as long as a search: what a
/// search reads is read with these.
/// </summary>
internal static class JsonFields
{
    /// <summary>A field; <see langword="null"/> where it is missing or null.</summary>
    /// <exception cref="JsonException">This is no object.</exception>
    public static JsonElement? Field(this JsonElement json, string name)
        => json.ValueKind != JsonValueKind.Object ? throw new JsonException($"an object with \"{name}\" was expected, not {json.ValueKind}.")
            : json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text; <see langword="null"/> where it is missing.</summary>
    /// <exception cref="JsonException">It is no text.</exception>
    public static string? Text(this JsonElement json, string name)
        => json.Field(name) is not { } value ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, value, "a text");

    /// <summary>True or false; <see langword="null"/> where it is missing.</summary>
    /// <exception cref="JsonException">It is neither.</exception>
    public static bool? Flag(this JsonElement json, string name)
        => json.Field(name) is not { } value ? null : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, value, "true or false");

    /// <summary>A whole number; <see langword="null"/> where it is missing.</summary>
    /// <exception cref="JsonException">It is no number of 32 bits.</exception>
    public static int? WholeNumber(this JsonElement json, string name)
        => json.Field(name) is not { } value ? null : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : throw Wrong(name, value, "a whole number");

    /// <summary>A list; empty where it is missing.</summary>
    /// <param name="json">The object.</param>
    /// <param name="name">The field.</param>
    /// <param name="read">Reads one entry.</param>
    /// <exception cref="JsonException">It is no list, or an entry cannot be read.</exception>
    public static List<T> List<T>(this JsonElement json, string name, Func<JsonElement, T> read)
    {
        List<T> entries = [];
        if (json.Field(name) is not { } value) return entries;
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(name, value, "a list");
        foreach (JsonElement entry in value.EnumerateArray()) entries.Add(read(entry));
        return entries;
    }

    /// <summary>What an object holds, by name; empty where it is missing.</summary>
    /// <inheritdoc cref="List"/>
    public static Dictionary<string, T> Entries<T>(this JsonElement json, string name, Func<JsonElement, T> read)
    {
        Dictionary<string, T> entries = [];
        if (json.Field(name) is not { } value) return entries;
        if (value.ValueKind != JsonValueKind.Object) throw Wrong(name, value, "an object");
        foreach (JsonProperty entry in value.EnumerateObject()) entries[entry.Name] = read(entry.Value);
        return entries;
    }

    /// <summary>An error that says that a field is missing.</summary>
    public static JsonException Missing(string name) => new($"it has no \"{name}\".");

    private static JsonException Wrong(string name, JsonElement value, string expected) => new($"its \"{name}\" is {value.ValueKind}, expected is {expected}.");
}
