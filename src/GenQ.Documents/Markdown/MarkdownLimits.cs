using GenQ.Data;

namespace GenQ.Documents;

/// <summary>
/// Refuses Markdown that no person wrote before a parser sees it: the parser's time grows with the square of the links in one block, and with that of
/// how deep lists are indented.
/// </summary>
internal static class MarkdownLimits
{
    /// <summary>Looks at the blocks between empty lines, and at the indentation of lists.</summary>
    /// <exception cref="GenQException">A block has too many links, or a list is indented too deeply.</exception>
    public static void Require(ReadOnlySpan<char> markdown)
    {
        int links = 0;
        foreach (ReadOnlySpan<char> line in markdown.EnumerateLines())
        {
            ReadOnlySpan<char> text = line.TrimStart();
            if (text.IsEmpty)
            {
                links = 0;
                continue;
            }

            links += text.Count('[') + text.Count("://");
            if (links > InputLimits.LinksOfBlock) throw new GenQException($"The Markdown has more than {InputLimits.LinksOfBlock:N0} links without an empty line between them: divide it.");
            if (line.Length - text.Length > InputLimits.ListIndentation && text[0] is '-' or '*' or '+' or (>= '0' and <= '9'))
                throw new GenQException($"The Markdown indents a list by more than {InputLimits.ListIndentation} blanks.");
        }
    }
}
