using System.Text.Json;
using GenQ.Data;

namespace GenQ.Cli;

/// <summary>Reads the texts that a command is given on stdin, one a line, as they come.</summary>
internal static class InputTexts
{
    private const char ByteOrderMark = '\uFEFF';
    private const int ShownCharacters = 60;

    /// <summary>Streams the texts: as many as there are lines, so that the lines that a command prints match them.</summary>
    /// <param name="input">What to read; a byte order mark at its start is passed over.</param>
    /// <param name="json">Whether each line is a JSON string, which may hold line breaks; an empty line is an empty text then too.</param>
    /// <exception cref="GenQException">A line is not a JSON string, or longer than any text.</exception>
    public static IEnumerable<string> Read(TextReader input, bool json)
    {
        int number = 0;
        // A lone carriage return is part of a text: no other tool counts it as the end of a line.
        foreach (string line in TextLines.Of(input, "stdin", endsAtReturn: false))
        {
            number++;
            string text = number == 1 ? line.TrimStart(ByteOrderMark) : line;
            yield return json && !string.IsNullOrWhiteSpace(text) ? Parse(text, number) : text;
        }
    }

    private static string Parse(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(line) ?? throw new JsonException("null is no text.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            string start = line.Length <= ShownCharacters ? line : line[..ShownCharacters] + "…";
            throw new GenQException(
                $"Line {number} of stdin is not a JSON string: {start} ({e.Message}) "
                + "Write \"…\" on each line, or leave out --json-lines.", e);
        }
    }
}
