using System.Globalization;
using System.Text.RegularExpressions;
using GenQ.Data;

namespace GenQ.PdfWorker;

/// <summary>Puts the lines of a PDF together: which are headings, where paragraphs end, which hyphens only divide a line.</summary>
internal sealed partial class PdfLayout
{
    // A line must stand this much further down than lines usually do to begin a paragraph.
    private const double ParagraphDrop = 1.35;

    // Letters larger than the text's by this factor make a heading where a file has no outline.
    private const double HeadingSize = 1.15;

    private const int LongestHeading = 20;

    private const char EnDash = '–';

    private static readonly char[] Numbering = [.. "0123456789"];

    private readonly PdfLine[] _lines;

    // By page: the letters of each title, the same without a number before them, and its level.
    private readonly ILookup<int, (string Letters, string Words, int Level)> _outline;

    private readonly int _pages;
    private readonly int[] _levels;
    private readonly double _textSize;
    private readonly double _usualDrop;
    private readonly double[] _headingSizes;
    private readonly HashSet<string> _words;

    public PdfLayout(PdfLine[] lines, (string Title, int Page, int Level)[] outline, int pages)
    {
        _lines = lines;
        _outline = outline.Select(entry => (entry.Page, Letters: Letters(entry.Title), entry.Level)).ToLookup(entry => entry.Page, entry => (entry.Letters, WithoutNumber(entry.Letters), entry.Level));
        _pages = pages;
        _textSize = MostCommon(lines.Select(line => (Math.Round(line.Size, 1), line.Letters)));
        _usualDrop = MostCommon(lines.Where(line => line.Drop > 0).Select(line => (Math.Round(line.Drop / line.Size, 1), 1)));
        _headingSizes = [.. lines.Where(LooksLikeHeading).Select(line => Math.Round(line.Size)).Distinct().OrderDescending()];
        _levels = [.. lines.Select(HeadingLevel)];
        _words = [.. lines.SelectMany((line, i) => WholeWords(line, i > 0 ? lines[i - 1] : null))];
    }

    /// <summary>Writes the document, or returns <see langword="null"/> where there is no text.</summary>
    public Document? Write(string source, string? title)
    {
        DocumentBuilder builder = new();
        int page = 0, openHeading = 0;
        for (int i = 0; i < _lines.Length; i++)
        {
            PdfLine line = _lines[i];
            PdfLine? before = i > 0 ? _lines[i - 1] : null;
            int level = _levels[i];
            bool continuesHeading = level > 0 && level == openHeading && line.Page == before!.Page && !BeginsParagraph(before, line);
            if (!continuesHeading && openHeading > 0) builder.EndHeading();
            for (; page < line.Page; page++) builder.BeginPage();

            string text = line.Text;
            if (level > 0)
            {
                if (!continuesHeading) builder.BeginHeading(level);
                else if (!JoinsWord(before!, line)) builder.Append(" ");
            }
            else if (before is not null && openHeading == 0)
            {
                if (BeginsParagraph(before, line)) builder.BreakParagraph();
                else if (!JoinsWord(before, line)) builder.BreakLine();
            }

            bool divided = i + 1 < _lines.Length && _levels[i + 1] == level && DropsHyphen(line, _lines[i + 1]);
            builder.Append(divided ? text.AsSpan(0, text.Length - 1) : text);
            openHeading = level;
        }

        builder.EndHeading();
        for (; page < _pages; page++) builder.BeginPage();
        return builder.Build(source, title, source);
    }

    private bool BeginsParagraph(PdfLine before, PdfLine line)
    {
        if (line.IsApart) return true;
        // A sentence that goes on over a page or a column keeps its paragraph.
        if (line.Page != before.Page || line.Drop <= 0) return !(char.IsLower(line.Text[0]) && !EndsSentence(before.Text));
        return line.Drop / Math.Max(line.Size, before.Size) > ParagraphDrop * _usualDrop;
    }

    private static bool EndsSentence(string text) => text.TrimEnd('"', '\'', ')', ']', '”', '’') is [.., '.' or '!' or '?' or ':'];

    // A word divided at the line's end stands together again, with or without its hyphen.
    private bool JoinsWord(PdfLine before, PdfLine line) =>
        !BeginsParagraph(before, line) && DividedEnd.IsMatch(before.Text) && char.IsLower(line.Text[0]);

    private bool DropsHyphen(PdfLine line, PdfLine next)
    {
        if (!JoinsWord(line, next)) return false;
        string first = DividedEnd.Match(line.Text).Groups[1].Value;
        string second = Word.Match(next.Text).Value;
        // Most hyphens at line ends only divide; the document's own words tell "non-required" from "re-quired".
        if (_words.Contains(first + second)) return true;
        // A dash divides in the fonts of some programs; between two words it joins them.
        return !_words.Contains($"{first}-{second}") && !(line.Text[^1] == EnDash && _words.Contains(first) && _words.Contains(second));
    }

    // Without the halves of a divided word.
    private static IEnumerable<string> WholeWords(PdfLine line, PdfLine? before)
    {
        int from = before is not null && DividedEnd.IsMatch(before.Text) ? Word.Match(line.Text).Length : 0;
        int to = line.Text.Length - DividedEnd.Match(line.Text).Length;
        return Word.Matches(line.Text).Where(word => word.Index >= from && word.Index + word.Length <= to).Select(word => word.Value);
    }

    private int HeadingLevel(PdfLine line)
    {
        if (_outline.Count == 0)
        {
            return LooksLikeHeading(line) ? Math.Min(Array.IndexOf(_headingSizes, Math.Round(line.Size)) + 1, 6) : 0;
        }

        string letters = Letters(line.Text);
        if (letters.Length == 0) return 0;

        // An outline often leaves out the number, and a long heading is broken over two lines.
        string words = WithoutNumber(letters);
        bool mayBePart = line.Size >= _textSize * HeadingSize && words.Length > 3;
        foreach ((string title, string titleWords, int level) in _outline[line.Page])
        {
            bool same = letters == title || (words.Length > 0 && words == titleWords);
            if (same || (mayBePart && title.Contains(words, StringComparison.Ordinal))) return level;
        }

        return 0;
    }

    private bool LooksLikeHeading(PdfLine line) =>
        line.Size >= _textSize * HeadingSize && line.Text.Count(char.IsLetter) > Math.Max(1, line.Letters / 2)
        && char.IsLetterOrDigit(line.Text[0]) && char.GetUnicodeCategory(line.Text[0]) != UnicodeCategory.ModifierLetter
        && line.Text.Count(c => c == ' ') < LongestHeading && line.Text[^1] is not ('.' or ',' or ';');

    private static string WithoutNumber(string letters) => letters.TrimStart(Numbering);

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static double MostCommon(IEnumerable<(double Value, int Weight)> values) =>
        values.GroupBy(v => v.Value).OrderByDescending(g => g.Sum(v => v.Weight)).ThenBy(g => g.Key).Select(g => g.Key).FirstOrDefault(1);

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*")]
    private static partial Regex Word { get; }

    [GeneratedRegex(@"(\p{L}+)[-–]$")]
    private static partial Regex DividedEnd { get; }
}
