using System.Globalization;
using System.Text.RegularExpressions;

namespace GenQ.PdfWorker;

/// <summary>
/// Finds what decorates pages: page numbers that count the pages, and lines that stand in the same place on most pages. Such a line is
/// kept once, for it may be a warning as well as a title, unless it only says which page this is.
/// </summary>
internal sealed partial class PdfDecoration
{
    // Running headers are among the first lines of a page, footers among the last.
    private const int EdgeLines = 3;

    // They stand in the outer fifth of the page, in the same place but for some points.
    private const double Margin = 0.2, SamePlace = 6;

    // Space sets a header apart from the text, more than lines have between them.
    private const double Apart = 1.5;

    private readonly IReadOnlyList<PdfPage> _pages;
    private readonly HashSet<PdfLine> _decoration = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<PdfLine> _kept = new(ReferenceEqualityComparer.Instance);
    private readonly int _written;
    private readonly double _usualDrop;

    private PdfDecoration(IReadOnlyList<PdfPage> pages)
    {
        _pages = pages;
        _written = pages.Count(page => page.Lines.Count > 0);
        _usualDrop = pages.SelectMany(page => page.Lines).Where(line => line.Drop > 0).GroupBy(line => Math.Round(line.Drop))
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select(group => group.Key).FirstOrDefault(12);
    }

    /// <summary>Takes the decoration out of the pages.</summary>
    /// <returns>How many pages hold pictures and no other text.</returns>
    public static int Drop(IReadOnlyList<PdfPage> pages)
    {
        PdfDecoration found = new(pages);
        found.FindRepeated();
        found.FindPageNumbers();
        return found.Drop();
    }

    private int Drop()
    {
        bool HasText(PdfPage page) => page.Lines.Exists(line => !_decoration.Contains(line));

        // Where nothing but pictures would be left it is a scan with a stamp. Where nothing would be left at all, it was no decoration.
        bool isAll = _pages.All(page => !HasText(page));
        if (isAll && !_pages.Any(page => page.HasPictures)) return 0;
        int withoutText = _pages.Count(page => page.HasPictures && !HasText(page));
        foreach (PdfPage page in _pages) page.Lines.RemoveAll(line => _decoration.Contains(line) && (isAll || !_kept.Contains(line)));
        return isAll ? 0 : withoutText;
    }

    private void FindRepeated()
    {
        if (_written <= 2) return;
        List<(PdfLine Line, string Key, double Place)> edges = [.. _pages.SelectMany(Edges)];
        var repeated = edges.GroupBy(edge => edge.Key).Select(group => AtOnePlace([.. group])).Where(IsOnMostPages).ToArray();
        HashSet<PdfLine> alike = new(repeated.SelectMany(lines => lines), ReferenceEqualityComparer.Instance);
        foreach (PdfLine[] lines in repeated)
        {
            foreach (PdfLine[] same in lines.GroupBy(line => line.Text).Select(group => group.ToArray()).Where(IsOnMostPages))
            {
                // What stands close to the text of more than half of the pages, but not of all, is a part of it: a result, a grade.
                if (IsOnNearlyAllPages(same) || same.All(line => StandsApart(line, alike))) Add(same, keepsOne: true);
            }

            PdfLine[] counting = [.. Counting(lines).Where(line => !_decoration.Contains(line))];
            if (!IsOnMostPages(counting)) continue;
            if (counting.All(line => NamesPage.IsMatch(line.Text))) Add(counting, keepsOne: false);
            else if (counting.All(line => StandsApart(line, alike))) Add(counting, keepsOne: true);
        }
    }

    private void Add(PdfLine[] lines, bool keepsOne)
    {
        foreach (PdfLine line in lines) _decoration.Add(line);
        if (keepsOne) _kept.Add(lines[0]);
    }

    private bool IsOnMostPages(PdfLine[] lines) => lines.Select(line => line.Page).Distinct().Count() * 2 > _written;

    private bool IsOnNearlyAllPages(PdfLine[] lines) => lines.Select(line => line.Page).Distinct().Count() * 10 >= _written * 9;

    private static IEnumerable<(PdfLine Line, string Key, double Place)> Edges(PdfPage page)
    {
        PdfLine[] lines = [.. page.Lines.OrderBy(line => line.Top)];
        for (int i = 0; i < lines.Length; i++)
        {
            PdfLine line = lines[i];
            double bottom = line.PageHeight - line.Top;
            bool isTop = i < EdgeLines && line.Top < Margin * line.PageHeight;
            bool isBottom = i >= lines.Length - EdgeLines && bottom < Margin * line.PageHeight;
            if (!isTop && !isBottom && !line.IsSlanted) continue;
            // The digits of a running header count pages, to its left on even pages and to its right on odd ones.
            string words = string.Concat(line.Text.Where(char.IsLetter));
            string edge = isTop ? "top" : isBottom ? "bottom" : "across";
            if (words.Length > 0) yield return (line, $"{edge} {words}", isTop || line.IsSlanted ? line.Top : bottom);
        }
    }

    private static PdfLine[] AtOnePlace((PdfLine Line, string Key, double Place)[] group)
    {
        double middle = group.Select(edge => edge.Place).Order().ElementAt(group.Length / 2);
        return [.. group.Where(edge => Math.Abs(edge.Place - middle) <= SamePlace).Select(edge => edge.Line)];
    }

    // The lines in which a number grows with the pages.
    private static IEnumerable<PdfLine> Counting(PdfLine[] lines)
    {
        static IEnumerable<int> Offsets(PdfLine line) =>
            Number.Matches(line.Text).Select(match => int.Parse(match.ValueSpan, CultureInfo.InvariantCulture) - line.Page).Distinct();

        int? offset = lines.SelectMany(Offsets).GroupBy(value => value).OrderByDescending(group => group.Count())
            .Select(group => (int?)group.Key).FirstOrDefault();
        return lines.Where(line => offset is { } found && Offsets(line).Contains(found));
    }

    private bool StandsApart(PdfLine line, HashSet<PdfLine> alike)
    {
        PdfLine[] lines = [.. _pages[line.Page - 1].Lines.OrderBy(other => other.Top)];
        int place = Array.FindIndex(lines, other => ReferenceEquals(other, line)), step = line.Top < line.PageHeight / 2 ? 1 : -1;
        // Several such lines may stand on each other.
        while (place + step >= 0 && place + step < lines.Length && alike.Contains(lines[place + step])) place += step;
        int next = place + step;
        return next >= 0 && next < lines.Length && Math.Abs(lines[next].Top - lines[place].Top) > Apart * _usualDrop;
    }

    // A number alone on the first or the last line of a page is the page's where those of the pages beside it count on.
    private void FindPageNumbers()
    {
        HashSet<PdfLine> none = new(ReferenceEqualityComparer.Instance);
        Dictionary<(int Page, int Offset), PdfLine> candidates = [];
        foreach (PdfPage page in _pages)
        {
            PdfLine[] lines = [.. page.Lines.Where(line => !_decoration.Contains(line))];
            if (lines.Length == 0) continue;
            foreach (PdfLine line in new[] { lines[0], lines[^1] })
            {
                Match match = PageNumber.Match(line.Text);
                if (!match.Success || PageNumbers.Parse(match.Groups["number"].Value) is not { } number) continue;
                bool isNamed = match.Groups["name"].Success || match.Groups["of"].Success;
                if (isNamed || (match.Groups["dash"].Success && number == page.Number)) _decoration.Add(line);
                if (number == page.Number || StandsApart(line, none)) candidates[(page.Number, number - page.Number)] = line;
            }
        }

        foreach (((int page, int offset), PdfLine line) in candidates)
        {
            bool countsOn = new[] { -2, -1, 1, 2 }.Any(step => candidates.TryGetValue((page + step, offset), out PdfLine? other)
                && (offset == 0 || Math.Abs(other.Top - line.Top) <= SamePlace));
            if (countsOn) _decoration.Add(line);
        }
    }

    [GeneratedRegex(
        @"^(?<name>page\s+|p\.\s*|seite\s+)?(?<dash>[-–—]\s*)?(?<number>\d{1,5}|[ivxlc]{1,7})(?:\s*[-–—])?"
            + @"(?<of>\s*(?:/|of|von)\s*\d{1,5})?$",
        RegexOptions.IgnoreCase)]
    private static partial Regex PageNumber { get; }

    [GeneratedRegex(@"\b(?:page|seite|página|pagina|sheet|blatt|pg\.?|p\.)\b|\b\d+\s*(?:/|of|von|de)\s*\d+\b", RegexOptions.IgnoreCase)]
    private static partial Regex NamesPage { get; }

    [GeneratedRegex(@"\d{1,6}")]
    private static partial Regex Number { get; }
}
