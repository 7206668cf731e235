using System.Text.Json;
using System.Text.RegularExpressions;

namespace GenQ.Generation;

/// <summary>Finds the JSON in what a language model has answered.</summary>
internal static partial class AnswerJson
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Tries the text itself, what stands in its first code fence, and what begins with its first brackets, closed where it was cut off.</summary>
    /// <returns>An object or an array; <see langword="null"/> where there is none.</returns>
    public static JsonElement? FindIn(string text)
    {
        IEnumerable<string> tries = [text, Fence().Match(text).Groups[1].Value];
        foreach (string attempt in tries.Concat(Bracketed(text)).Where(attempt => attempt.Length > 1))
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(attempt, Lenient);
                RequireText(document.RootElement);
                if (document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array) return document.RootElement.Clone();
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // The next may do.
            }
        }

        return null;
    }

    // Half of a surrogate pair, written as an escape, is JSON and yet no text.
    private static void RequireText(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            _ = element.GetString();
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray()) RequireText(item);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject()) RequireText(property.Value);
        }
    }

    private static IEnumerable<string> Bracketed(string text)
    {
        const int mostTries = 5;
        int start = text.AsSpan().IndexOfAny('{', '[');
        for (int tries = 0; start >= 0 && tries < mostTries; tries++)
        {
            yield return Closed(text[start..]);
            int next = text.AsSpan(start + 1).IndexOfAny('{', '[');
            start = next < 0 ? -1 : start + 1 + next;
        }
    }

    // Up to the bracket that closes the first, or up to the last whole value, with the brackets that are missing.
    private static string Closed(string json)
    {
        Stack<char> open = [];
        bool isText = false, isEscaped = false;
        (int End, char[] Closing) whole = (0, []);
        for (int i = 0; i < json.Length; i++)
        {
            char c = json[i];
            if (isText)
            {
                if (isEscaped) isEscaped = false;
                else if (c == '\\') isEscaped = true;
                else if (c == '"') isText = false;
                if (!isText && open.TryPeek(out char inside) && inside == ']') whole = (i + 1, [.. open]);
            }
            else if (c == '"')
            {
                isText = true;
            }
            else if (c is '{' or '[')
            {
                open.Push(c == '{' ? '}' : ']');
            }
            else if (c is '}' or ']')
            {
                if (!open.TryPop(out char expected) || expected != c) break;
                if (open.Count == 0) return json[..(i + 1)];
                whole = (i + 1, [.. open]);
            }
        }

        return json[..whole.End] + new string(whole.Closing);
    }

    [GeneratedRegex(@"```\w*\s*\n(.*?)(?:\n[ \t]*```|$)", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
