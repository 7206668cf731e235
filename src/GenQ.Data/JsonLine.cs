using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GenQ.Data;

/// <summary>One object of a JSON Lines file, with the place that its errors name.</summary>
/// <param name="Path">The file.</param>
/// <param name="Number">The line, counted from 1.</param>
/// <param name="Root">The object; valid until the next line is read.</param>
internal readonly record struct JsonLine(string Path, int Number, JsonElement Root)
{
    // Quotes and non-ASCII letters stay readable: these files are for people too, and never become part of a web page as they are.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Streams the objects of a file; blank lines are passed over.</summary>
    /// <exception cref="GenQException">The file cannot be read, or a line is not a JSON object.</exception>
    public static IEnumerable<JsonLine> Read(string path)
    {
        foreach ((string line, int number) in InputFile.Lines(path))
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            using JsonDocument document = Parse(line, path, number);
            yield return new JsonLine(path, number, document.RootElement);
        }
    }

    /// <summary>Writes one object a line, atomically.</summary>
    /// <exception cref="GenQException">The file cannot be written.</exception>
    public static void Write<T>(string path, IEnumerable<T> items, Action<Utf8JsonWriter, T> writeProperties) =>
        AtomicFile.Write(path, stream =>
        {
            using Utf8JsonWriter writer = new(stream, Readable);
            foreach (T item in items)
            {
                writer.WriteStartObject();
                writeProperties(writer, item);
                writer.WriteEndObject();
                writer.Flush();
                writer.Reset();
                stream.WriteByte((byte)'\n');
            }
        });

    /// <summary>A text; numbers count as texts, since some data sets write ids without quotes.</summary>
    /// <exception cref="GenQException">There is no such property, or it is neither text nor number.</exception>
    public string Text(string name) => OptionalText(name) ?? throw Error($"has no \"{name}\"");

    /// <summary>As <see cref="Text"/>, but <see langword="null"/> where there is none.</summary>
    /// <exception cref="GenQException">It is neither text nor number.</exception>
    public string? OptionalText(string name)
    {
        if (Property(name) is not { } value) return null;
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => throw Error($"has \"{name}\" as {value.ValueKind}, expected is a text"),
            };
        }
        catch (InvalidOperationException e)
        {
            throw new GenQException(Error($"has a \"{name}\" that is not valid Unicode").Message, e);
        }
    }

    /// <summary>A number.</summary>
    /// <exception cref="GenQException">There is no such property, or it is not a number.</exception>
    public double Numeric(string name) => OptionalNumeric(name) ?? throw Error($"has no number \"{name}\"");

    /// <summary>As <see cref="Numeric"/>, but <see langword="null"/> where there is none.</summary>
    /// <exception cref="GenQException">It is not a number.</exception>
    public double? OptionalNumeric(string name)
        => Property(name) is not { } value ? null : value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Error($"has no number \"{name}\"");

    /// <summary>A property of any kind; <see langword="null"/> where it is missing or null.</summary>
    /// <exception cref="GenQException">A name in the line is not valid Unicode.</exception>
    public JsonElement? Property(string name)
    {
        try
        {
            return Root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }
        catch (InvalidOperationException e)
        {
            throw new GenQException(Error("has a name that is not valid Unicode").Message, e);
        }
    }

    /// <summary>Creates an error that names file and line.</summary>
    public GenQException Error(string what) => new($"'{Path}', line {Number}, {what}.");

    private static JsonDocument Parse(string line, string path, int number)
    {
        try
        {
            // Written as itself a text is Unicode by now: the file has been decoded.
            if (line.Contains("\\ud", StringComparison.OrdinalIgnoreCase)) StrictJson.RequireUnicode(Encoding.UTF8.GetBytes(line));
            JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException e)
        {
            throw new GenQException($"'{path}', line {number}, is not JSON: {e.Message}", e);
        }

        throw new GenQException(
            $"'{path}', line {number}, is not a JSON object: each line must be one, as in {{\"_id\": \"…\", \"text\": \"…\"}}.");
    }
}
