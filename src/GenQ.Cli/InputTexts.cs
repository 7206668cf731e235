using System.Text;
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
    /// <exception cref="GenQException">A line is not a JSON string.</exception>
    public static IEnumerable<string> Read(TextReader input, bool json)
    {
        int number = 0;
        foreach (string line in Lines(input))
        {
            number++;
            string text = number == 1 ? line.TrimStart(ByteOrderMark) : line;
            yield return json && !string.IsNullOrWhiteSpace(text) ? Parse(text, number) : text;
        }
    }

    // TextReader.ReadLine would also end a line at a lone carriage return, which is part of a text: no other tool counts it.
    private static IEnumerable<string> Lines(TextReader input)
    {
        char[] buffer = new char[1 << 14];
        StringBuilder line = new();
        for (int count; (count = input.Read(buffer, 0, buffer.Length)) > 0;)
        {
            int start = 0;
            for (int end; (end = Array.IndexOf(buffer, '\n', start, count - start)) >= 0; start = end + 1)
            {
                yield return WithoutReturn(line.Append(buffer, start, end - start));
                line.Clear();
            }

            line.Append(buffer, start, count - start);
        }

        if (line.Length > 0) yield return WithoutReturn(line);
    }

    private static string WithoutReturn(StringBuilder line) => line.ToString(0, line.Length - (line.Length > 0 && line[^1] == '\r' ? 1 : 0));

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
                $"Line {number} of stdin is not a JSON string: {start} ({e.Message}) Write \"…\" on each line, or leave out --json-lines.", e);
        }
    }
}
