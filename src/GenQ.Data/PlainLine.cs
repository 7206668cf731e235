using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace GenQ.Data;

/// <summary>Makes a stranger's text fit for a line on a screen: queries, titles and names of files may hold whatever a document holds.</summary>
internal static partial class PlainLine
{
    /// <summary>The text in one line, without control characters, terminal escapes, marks that nobody sees, and runs of spaces.</summary>
    public static string Of(string text)
    {
        StringBuilder line = new(text.Length);
        bool isApart = false;
        foreach (char c in UnicodeText.Normalize(Escapes().Replace(text, " ")))
        {
            if (char.IsControl(c) || char.IsWhiteSpace(c))
            {
                isApart = line.Length > 0;
                continue;
            }

            if (isApart) line.Append(' ');
            isApart = false;
            line.Append(c);
        }

        return line.ToString();
    }

    /// <summary>
    /// A message with what it quotes made fit to be read: names and values from a stranger's file are one line each, without
    /// their middle beyond <see cref="InputLimits.QuotedCharacters"/> characters; the message ends at <see cref="InputLimits.MessageCharacters"/>.
    /// </summary>
    public static string OfMessage(string message)
    {
        string fit = message.Length > InputLimits.QuotedCharacters || message.AsSpan().ContainsAny(Controls) ? Quoted().Replace(message, Fit) : message;
        return fit.Length <= InputLimits.MessageCharacters ? fit : UnicodeText.Cut(fit, InputLimits.MessageCharacters) + "…";
    }

    private static string Fit(Match quoted)
    {
        string text = quoted.Groups["text"].Value;
        if (text.AsSpan().ContainsAny(Controls)) text = Of(text);
        // The end of a path says more than its middle.
        const int End = InputLimits.QuotedCharacters / 3;
        if (text.Length > InputLimits.QuotedCharacters) text = $"{UnicodeText.Cut(text, InputLimits.QuotedCharacters - End - 1)}…{text[^End..]}";
        return $"{quoted.Value[0]}{text}{quoted.Value[^1]}";
    }

    // Between quotation marks that stand where a word begins and where one ends: an apostrophe is none.
    [GeneratedRegex("""(?<![\w'"])(?:'(?<text>[^']*)'|"(?<text>[^"]*)")(?!\w)""")]
    private static partial Regex Quoted();

    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(char.IsControl)]);

    // What a terminal would obey: control sequences (colours, the cursor), strings of the system (titles, links) up to their end, and single escapes.
    [GeneratedRegex(@"(?:\e\[|\u009B)[0-?]*[ -/]*[@-~]?|(?:\e[\]PX^_]|[\u009D\u0090\u0098\u009E\u009F])[^\a\e\u009C]*(?:\a|\e\\|\u009C)?|\e[ -/]*[0-~]?")]
    private static partial Regex Escapes();
}
