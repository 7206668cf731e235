using System.Text.Json;

namespace GenQ.Data;

/// <summary>
/// Reads and writes passages in BEIR's <c>corpus.jsonl</c> layout, one object a line:
/// <c>{"_id", "title", "text", "metadata": {"source", "document", "page", "start", "end"}}</c>.
/// </summary>
public static class PassageFile
{
    /// <summary>
    /// Streams the passages in file order. <c>title</c> and <c>metadata</c> may be missing, ids may be numbers; metadata of
    /// other tools is passed over.
    /// </summary>
    /// <param name="path">The file; may be packed (<c>.gz</c>).</param>
    /// <exception cref="GenQException">
    /// The file cannot be read, a line is not a JSON object, or it lacks <c>_id</c> or <c>text</c>; the message names the line.
    /// </exception>
    public static IEnumerable<Passage> Read(string path)
    {
        foreach (JsonLine line in JsonLine.Read(path))
        {
            string? title = line.OptionalText("title") is { } words && !string.IsNullOrWhiteSpace(words) ? words : null;
            yield return new Passage(line.Text("_id"), line.Text("text"), title, Origin(line));
        }
    }

    /// <summary>Writes the passages, the whole file or nothing.</summary>
    /// <exception cref="GenQException">The file cannot be written, or a passage is longer than a line that can be read.</exception>
    public static void Write(string path, IEnumerable<Passage> passages)
    {
        ArgumentNullException.ThrowIfNull(passages);
        JsonLine.Write(path, passages, static (json, passage) =>
        {
            if (passage.Text.Length > InputLimits.LineCharacters / 2)
                throw new GenQException($"The passage '{passage.Id}' has {passage.Text.Length:N0} characters, expected at most {InputLimits.LineCharacters / 2:N0}: divide it.");
            json.WriteString("_id", passage.Id);
            // BEIR's own reader wants a title in every line.
            json.WriteString("title", passage.Title ?? "");
            json.WriteString("text", passage.Text);
            if (passage.Origin is not { } origin) return;
            json.WriteStartObject("metadata");
            json.WriteString("source", origin.Source);
            json.WriteString("document", origin.DocumentId);
            if (origin.Page is { } page) json.WriteNumber("page", page);
            json.WriteNumber("start", origin.Start);
            json.WriteNumber("end", origin.End);
            json.WriteEndObject();
        });
    }

    // Only what Write wrote is an origin: other tools keep other things under the same names.
    private static PassageOrigin? Origin(JsonLine line)
    {
        try
        {
            return line.Property("metadata") is { ValueKind: JsonValueKind.Object } metadata
                && Text(metadata, "source") is { } source && Text(metadata, "document") is { } document
                && Number(metadata, "start") is { } start && Number(metadata, "end") is { } end
                    ? new PassageOrigin(source, document, Number(metadata, "page"), start, end)
                    : null;
        }
        catch (InvalidOperationException)
        {
            // Half a character, in a name or in a text.
            return null;
        }
    }

    private static string? Text(JsonElement metadata, string name)
        => metadata.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement metadata, string name) =>
        metadata.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : null;
}
