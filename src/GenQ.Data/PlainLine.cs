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

    // What a terminal would obey: control sequences (colours, the cursor), strings of the system (titles, links) up to their end, and single escapes.
    [GeneratedRegex(@"(?:\e\[|\u009B)[0-?]*[ -/]*[@-~]?|(?:\e[\]PX^_]|[\u009D\u0090\u0098\u009E\u009F])[^\a\e\u009C]*(?:\a|\e\\|\u009C)?|\e[ -/]*[0-~]?")]
    private static partial Regex Escapes();
}
