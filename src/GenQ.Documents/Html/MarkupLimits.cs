using System.Buffers;
using System.Collections.Frozen;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>
/// Refuses a page that no person wrote before a parser sees it: the parser's time grows with the square of how many elements are open at once.
/// </summary>
internal static class MarkupLimits
{
    // They have no end, or what follows ends them.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> EndedByOthers = new[]
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
        "a", "body", "caption", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option", "p", "rp", "rt", "tbody", "td", "tfoot", "th", "thead", "tr",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> NameEnds = SearchValues.Create(" \t\r\n\f/<>");

    /// <summary>Counts the tags of a page.</summary>
    /// <exception cref="GenQException">There are too many, too many are open at once, or an element has too many classes.</exception>
    public static void Require(ReadOnlySpan<char> html)
    {
        int tags = 0, open = 0;
        long seen = 0;
        while (html.IndexOf('<') is >= 0 and int start)
        {
            html = html[(start + 1)..];
            bool isEnd = html is ['/', ..];
            ReadOnlySpan<char> name = html[(isEnd ? 1 : 0)..];
            if (name.IsEmpty || !char.IsAsciiLetter(name[0])) continue;
            int length = name.IndexOfAny(NameEnds);
            name = length < 0 ? name : name[..length];
            if (++tags > InputLimits.Tags) throw new GenQException($"The page has more than {InputLimits.Tags:N0} tags: divide it.");
            if ((seen += open) > InputLimits.OpenElementsSeen) throw Nested();
            if (EndedByOthers.Contains(name)) continue;
            if (isEnd)
            {
                open = Math.Max(0, open - 1);
                continue;
            }

            // Of <path d="…"/> nothing stays open.
            if (html.IndexOf('>') is > 0 and int end && html[end - 1] == '/') continue;
            if (++open > InputLimits.OpenElements) throw Nested();
        }

        static GenQException Nested() => new($"The page nests deeper than {InputLimits.OpenElements:N0} elements, leaves so many open, or has too many tags inside of thousands.");
    }
}
