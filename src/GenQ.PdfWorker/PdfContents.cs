using System.Globalization;
using System.Text.RegularExpressions;

namespace GenQ.PdfWorker;

/// <summary>
/// Finds tables of contents: lines whose dots lead to a page number. Dots that lead to another number, a price or a pressure, are text.
/// </summary>
internal static partial class PdfContents
{
    // The patterns take time that grows with the square of a line's length.
    private const int LongestEntry = 500;

    /// <summary>Takes the entries of tables of contents out of the pages.</summary>
    public static void Drop(IReadOnlyList<PdfPage> pages)
    {
        if (!pages.Any(page => page.Lines.Exists(HasDots))) return;
        Dictionary<string, HashSet<int>> pagesOf = new(StringComparer.Ordinal);
        foreach (PdfLine line in pages.SelectMany(page => page.Lines).Where(line => !LeadsSomewhere(line)))
        {
            if (!pagesOf.TryGetValue(Words(line.Text), out HashSet<int>? same)) pagesOf[Words(line.Text)] = same = [];
            same.Add(line.Page);
        }

        bool goesOn = false;
        foreach (PdfPage page in pages)
        {
            (string Title, int Target)[] entries =
            [
                .. page.Lines.Where(HasDots).Select(line => Entry.Match(line.Text)).Where(match => match.Success)
                    .Select(match => (Title: match.Groups[1].Value, Target: PageNumbers.Parse(match.Groups[2].Value) ?? 0))
                    .Where(entry => entry.Target > 0),
            ];
            goesOn = entries.Length > 0 && IsTable(page, entries, goesOn, pagesOf, pages.Count);
            if (goesOn) page.Lines.RemoveAll(line => HasDots(line) && Leaders.IsMatch(line.Text));
        }
    }

    private static bool IsTable(
        PdfPage page, (string Title, int Target)[] entries, bool goesOn, Dictionary<string, HashSet<int>> pagesOf, int pages)
    {
        int others = page.Lines.Count(LeadsSomewhere) - entries.Length;
        int backwards = entries.Zip(entries.Skip(1))
            .Count(pair => pair.Second.Target < pair.First.Target && !IsRoman(page, pair.First.Title));
        bool isIndex = IsSorted(entries) && page.Lines.Exists(line => IndexHeading.IsMatch(line.Text));
        if (others > entries.Length / 4 || (backwards > entries.Length / 10 && !isIndex)) return false;
        bool hasHeading = goesOn || isIndex || page.Lines.Exists(line => Heading.IsMatch(line.Text));
        bool IsElsewhere(string title) =>
            pagesOf.TryGetValue(Words(title), out HashSet<int>? on) && on.Any(number => number != page.Number);
        bool titlesAreThere = 2 * entries.Count(entry => IsElsewhere(entry.Title)) >= entries.Length;
        bool namesParts = 2 * entries.Count(entry => Part.IsMatch(entry.Title)) >= entries.Length
            && entries.All(entry => entry.Target <= pages);
        return hasHeading || titlesAreThere || namesParts;
    }

    private static bool IsSorted((string Title, int Target)[] entries) =>
        entries.Zip(entries.Skip(1))
            .Count(pair => string.Compare(pair.First.Title, pair.Second.Title, StringComparison.OrdinalIgnoreCase) > 0)
            <= entries.Length / 5;

    private static bool HasDots(PdfLine line) => line.Text.Length < LongestEntry && line.Text.AsSpan().Count('.') >= 4;

    private static bool LeadsSomewhere(PdfLine line) => HasDots(line) && Dots.IsMatch(line.Text);

    // Prefaces are counted in Roman numbers; the first chapter begins with 1 again.
    private static bool IsRoman(PdfPage page, string title) =>
        page.Lines.Exists(line => line.Text.StartsWith(title, StringComparison.Ordinal) && char.IsAsciiLetter(line.Text[^1]));

    private static string Words(string text) => string.Concat(text.Where(char.IsLetter)).ToLower(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(.+?)\s*(?:\.\s?){4,}\s*(\d+|[ivxlc]+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Entry { get; }

    [GeneratedRegex(@"(?:\.\s?){4,}.{0,20}$")]
    private static partial Regex Dots { get; }

    [GeneratedRegex(@"(?:(?:\.\s?){4,}\s*(?:\d+|[ivxlc]+)|(?:\.\s?){8,})$", RegexOptions.IgnoreCase)]
    private static partial Regex Leaders { get; }

    [GeneratedRegex(
        "^(?:(?:table of )?contents|list of .+|inhalt(?:sverzeichnis)?|table des mati.res|sommaire|[ií]ndice|sommario|inhoud(?:sopgave)?)$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Heading { get; }

    [GeneratedRegex(@"^(?:\p{L}+ ){0,5}(?:index|register)$", RegexOptions.IgnoreCase)]
    private static partial Regex IndexHeading { get; }

    [GeneratedRegex(
        @"^(?:(?:chapter|section|part|appendix|annex|figure|table|kapitel|abschnitt|anhang|teil)\b|\d{1,2}(?:\.\d{1,2})+\b|[A-Z]\.\d)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Part { get; }
}
