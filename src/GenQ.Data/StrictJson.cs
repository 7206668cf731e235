using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace GenQ.Data;

/// <summary>
/// Parses the small JSON files that come with a model, and refuses what only a broken or a hostile file holds: a key twice, texts that are no Unicode,
/// deep nesting, bytes without end. What passes can be read without surprises.
/// </summary>
internal static class StrictJson
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Parses a file that must be there.</summary>
    /// <exception cref="GenQException">It cannot be read, or is not such JSON.</exception>
    public static JsonDocument Parse(string file) => Parse(InputFile.ReadBytes(file, InputLimits.ConfigBytes), file);

    /// <summary>Parses the content of a file.</summary>
    /// <param name="content">UTF-8, with or without a byte order mark.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="allowsTwice">Whether a key may stand twice: to look for those takes time, in a vocabulary much of it.</param>
    /// <exception cref="GenQException">It is not such JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> content, string file, bool allowsTwice = false)
    {
        if (content.Span.StartsWith(ByteOrderMark)) content = content[ByteOrderMark.Length..];
        try
        {
            RequireUnicode(content.Span);
            return JsonDocument.Parse(content, new JsonDocumentOptions { AllowDuplicateProperties = allowsTwice });
        }
        catch (JsonException e)
        {
            throw new GenQException($"'{file}' is not valid JSON: {e.Message} Get the file anew.", e) { Where = file };
        }
    }

    /// <summary>Reads an object; <see langword="null"/> where there is no such file.</summary>
    /// <exception cref="GenQException">It cannot be read, is not such JSON, or no object.</exception>
    public static JsonObject? ReadObject(string file)
    {
        if (!File.Exists(file)) return null;
        using JsonDocument json = Parse(file);
        return RequireObject(json, file) is { } root ? JsonObject.Create(root.Clone()) : null;
    }

    /// <summary>The object that a file holds.</summary>
    /// <exception cref="GenQException">It holds something else.</exception>
    public static JsonElement RequireObject(JsonDocument json, string file) => json.RootElement.ValueKind == JsonValueKind.Object
        ? json.RootElement
        : throw new GenQException($"'{file}' should hold a JSON object, got {json.RootElement.ValueKind}. Get the file anew.")
        {
            Where = file,
            Expected = "a JSON object",
            Got = $"{json.RootElement.ValueKind}",
        };

    /// <summary>Refuses texts such as \ud800: they are told only when they are asked for, where nobody expects that to fail.</summary>
    /// <exception cref="JsonException">There is one, or this is no JSON.</exception>
    public static void RequireUnicode(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName)) continue;
            bool isUnicode = Utf8.IsValid(reader.ValueSpan);
            try
            {
                if (reader.ValueIsEscaped) reader.GetString();
            }
            catch (InvalidOperationException)
            {
                isUnicode = false;
            }

            if (!isUnicode) throw new JsonException($"a text before byte {reader.BytesConsumed} is not valid Unicode.");
        }
    }
}
