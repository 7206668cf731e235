using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tomlyn;
using Tomlyn.Parsing;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GenQ.Documents;

/// <summary>
/// Takes the metadata from the head of a file for a site generator: YAML between lines of ---, TOML between lines of +++, or a JSON object.
/// Empty lines and comments may stand before it.
/// </summary>
internal static partial class FrontMatter
{
    private const int DeepestNesting = 64;

    /// <summary>Splits a file.</summary>
    /// <returns>The title that the metadata has, and the file without them; the file as it is where it has none.</returns>
    public static (string? Title, string Body) Split(string text)
    {
        int start = Head.Match(text).Length;
        if (start < text.Length && text[start] == '{') return SplitJson(text, start) ?? (null, text);
        if (Fence.Match(text, start) is not { Success: true } open) return (null, text);
        string fence = open.Groups["fence"].Value;
        Regex ending = fence switch { "---" => YamlEnd, "+++" => TomlEnd, _ => JsonEnd };
        int from = open.Index + open.Length;
        if (ending.Match(text, from) is not { Success: true } close) return (null, text);

        string metadata = text[from..close.Index], language = open.Groups["language"].Value;
        string? title = null;
        bool isMetadata = (fence, language) switch
        {
            ("+++", _) or (_, "toml") => TryReadToml(metadata, out title),
            (";;;", _) => TryReadJson("{" + metadata + "}", out title) || TryReadJson(metadata, out title),
            (_, "json") => TryReadJson(metadata, out title),
            _ => TryReadYaml(metadata, out title),
        };
        return isMetadata ? (title, text[(close.Index + close.Length)..]) : (null, text);
    }

    private static (string? Title, string Body)? SplitJson(string text, int start)
    {
        if (!JsonObject.IsMatch(text, start)) return null;
        byte[] bytes = Encoding.UTF8.GetBytes(text[start..]);
        if (!TryReadJson(bytes, out string? title, out int length)) return null;
        string body = text[(start + Encoding.UTF8.GetCharCount(bytes.AsSpan(0, length)))..];
        // The object stands alone on its lines; a file that is one object and no more is no page with metadata.
        bool endsLine = body.AsSpan().TrimStart(' ') is [] or ['\r' or '\n', ..];
        return endsLine && (title is not null || !string.IsNullOrWhiteSpace(body)) ? (title, body) : null;
    }

    private static bool TryReadJson(string json, out string? title)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        return TryReadJson(bytes, out title, out int length) && bytes.AsSpan(length).Trim(" \t\r\n"u8).IsEmpty;
    }

    private static bool TryReadJson(byte[] json, out string? title, out int length)
    {
        (title, length) = (null, 0);
        Utf8JsonReader reader = new(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isTitle = title is null && IsTitle(reader.GetString()!);
                reader.Read();
                if (isTitle && reader.TokenType is JsonTokenType.String) title = reader.GetString();
                else if (isTitle && reader.TokenType is JsonTokenType.Number) title = Encoding.UTF8.GetString(reader.ValueSpan);
                else reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }

        length = (int)reader.BytesConsumed;
        return true;
    }

    private static bool TryReadToml(string toml, out string? title)
    {
        title = null;
        try
        {
            TomlParser parser = TomlParser.Create(toml, new TomlSerializerOptions { MaxDepth = DeepestNesting });
            bool isTitle = false;
            while (title is null && parser.MoveNext())
            {
                if (isTitle && parser.Current.Kind == TomlParseEventKind.String) title = parser.GetString();
                isTitle = parser.Depth == 1 && parser.Current.Kind == TomlParseEventKind.PropertyName && IsTitle(parser.GetPropertyName());
            }

            return true;
        }
        catch (TomlException)
        {
            return TryReadLines(toml, TomlLine, TomlTitle, ref title);
        }
    }

    private static bool TryReadYaml(string yaml, out string? title)
    {
        title = null;
        try
        {
            // By events, and no deeper than people write: a parser would take minutes for what is nested without end.
            Parser parser = new(new StringReader(yaml));
            if (!parser.TryConsume<StreamStart>(out _)) return false;
            if (parser.TryConsume<StreamEnd>(out _)) return true;
            parser.Consume<DocumentStart>();
            if (parser.TryConsume<Scalar>(out var only)) return only.Value.Length == 0;
            if (!parser.TryConsume<MappingStart>(out _)) return false;
            while (!parser.Accept<MappingEnd>(out _))
            {
                bool isTitle = parser.TryConsume<Scalar>(out var key) && IsTitle(key.Value) && title is null;
                if (isTitle && parser.TryConsume<Scalar>(out var value))
                {
                    bool isNull = value is { Style: ScalarStyle.Plain, Tag.IsEmpty: true, Value: "" or "~" or "null" or "Null" or "NULL" };
                    if (!isNull) title = value.Value;
                    continue;
                }

                int depth = 0;
                do
                {
                    depth += parser.Consume<ParsingEvent>().NestingIncrease;
                    if (depth > DeepestNesting) return TryReadLines(yaml, YamlLine, YamlTitle, ref title);
                }
                while (depth > 0);
            }

            return true;
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException or EndOfStreamException)
        {
            // Some generators are less strict, as with a colon in a title; of some broken files the parser loses its own state.
            return TryReadLines(yaml, YamlLine, YamlTitle, ref title);
        }
    }

    /// <summary>Takes broken metadata line by line; every line must look like one of them.</summary>
    private static bool TryReadLines(string metadata, Regex line, Regex titleLine, ref string? title)
    {
        if (!metadata.Split('\n').All(text => line.IsMatch(text.TrimEnd('\r')))) return false;
        if (title is null && titleLine.Match(metadata) is { Success: true } named) title = named.Groups[1].Value.Trim('"', '\'');
        return true;
    }

    private static bool IsTitle(string key) => key.Equals("title", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("""\A\uFEFF?(?:\s*<!--(?:(?!-->).)*-->)*(?:[ \t]*\r?\n)*""", RegexOptions.Singleline)]
    private static partial Regex Head { get; }

    [GeneratedRegex("""\G(?<fence>---|\+\+\+|;;;)[ \t]*(?<language>yaml|toml|json)?[ \t]*\r?\n""")]
    private static partial Regex Fence { get; }

    [GeneratedRegex("""^(?:---|\.\.\.)[ \t]*(?:\r?\n|\z)""", RegexOptions.Multiline)]
    private static partial Regex YamlEnd { get; }

    [GeneratedRegex("""^\+\+\+[ \t]*(?:\r?\n|\z)""", RegexOptions.Multiline)]
    private static partial Regex TomlEnd { get; }

    [GeneratedRegex("""^;;;[ \t]*(?:\r?\n|\z)""", RegexOptions.Multiline)]
    private static partial Regex JsonEnd { get; }

    [GeneratedRegex("""\G\{\s*["}/]""")]
    private static partial Regex JsonObject { get; }

    // A key, a comment, something indented, an item of a list, the end of brackets, or nothing.
    [GeneratedRegex("""^(?:["']?[\w$][\w .$/-]*["']?\s*:(?:\s.*)?|\s*#.*|[ \t]+\S.*|-\s.*|[\]}].*|\s*)$""")]
    private static partial Regex YamlLine { get; }

    [GeneratedRegex("""^(?:[\w.'"-]+\s*=.*|\s*#.*|\[.*|[ \t]+\S.*|[\]}].*|\s*)$""")]
    private static partial Regex TomlLine { get; }

    [GeneratedRegex("""^title[ \t]*:[ \t]+(\S.*?)[ \t]*\r?$""", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex YamlTitle { get; }

    [GeneratedRegex("""^title[ \t]*=[ \t]*(\S.*?)[ \t]*\r?$""", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex TomlTitle { get; }
}
