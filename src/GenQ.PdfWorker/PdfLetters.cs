using System.Globalization;
using System.Text.RegularExpressions;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Tokens;

namespace GenQ.PdfWorker;

/// <summary>The letters of a page in content order: each once, also where it is drawn twice to look bold, and with the characters it stands for.</summary>
internal sealed partial class PdfLetters
{
    // A shadow stands within a third of the letters' size; a letter that is drawn twice within a fifth.
    private const double ShadowOffset = 0.35, BoldOffset = 0.2;

    // A few letters say little about how a language spreads its vowels.
    private const int EnoughLetters = 20;

    private readonly Structure _structure;
    private readonly Page _page;
    private readonly HashSet<string> _guessedFonts;
    private readonly Dictionary<string, bool> _isLanguage;

    private PdfLetters(Structure structure, Page page)
    {
        _structure = structure;
        _page = page;
        _guessedFonts = GuessedFonts();
        _isLanguage = page.Letters.Where(IsGuessed).GroupBy(Font).ToDictionary(font => font.Key, font => LooksLikeLanguage([.. font.Select(Guess)]));
    }

    /// <summary>Reads a page.</summary>
    public static IReadOnlyList<PdfLetter> Read(Structure structure, Page page)
    {
        PdfLetters letters = new(structure, page);
        return letters.WithoutCopies([.. page.Letters.Select(letters.Resolve)]);
    }

    private PdfLetter Resolve(Letter letter)
    {
        bool isKnown = !IsGuessed(letter) || _isLanguage[Font(letter)];
        string text = !isKnown ? "" : IsGuessed(letter) ? Guess(letter) : letter.Value;
        // One that stands for nothing at all, such as a joiner, is not unknown: it is blank.
        if (text is ['\uFFFD', ..] || (text.Length > 0 && !string.IsNullOrWhiteSpace(text) && text.All(char.IsControl))) text = "";
        return new PdfLetter(
            text, letter.StartBaseLine.X, letter.StartBaseLine.Y, letter.EndBaseLine.X, letter.EndBaseLine.Y, Math.Max(letter.PointSize, 1));
    }

    // What a font does not tell comes as the glyph's number, what only its maker understands as a private character.
    private bool IsGuessed(Letter letter) =>
        (letter.Value is [char c, ..] && char.GetUnicodeCategory(c) == UnicodeCategory.PrivateUse) || IsSupplementaryPrivate(letter.Value)
        || _guessedFonts.Contains(Font(letter));

    private static bool IsSupplementaryPrivate(string? text) =>
        text is [char high, _, ..] && high is >= '\uDB80' and <= '\uDBFF';

    // Fonts of symbols put their characters at U+F000 and the following, small capitals and old-style digits at U+F700.
    private static string Guess(Letter letter) =>
        letter.Value is [char c and >= '\uF000' and <= '\uF7FF'] && (c & 0xFF00) is 0xF000 or 0xF700 && (c & 0xFF) is > 0x20 and < 0x7F
            ? ((char)(c & 0xFF)).ToString()
            : letter.Value;

    private static string Font(Letter letter) => letter.FontName ?? "";

    private static bool LooksLikeLanguage(string[] values)
    {
        string text = string.Concat(values);
        int letters = text.Count(char.IsAsciiLetter), small = text.Count(char.IsAsciiLetterLower), others = text.Count(c => c is > ' ' and < (char)0x7F) - letters;
        int vowels = text.Count(c => "aeiouyAEIOUY".Contains(c, StringComparison.Ordinal)), blanks = text.Count(c => c == ' ');
        if (letters == 0 || small * 2 < letters || letters < others * 2 || letters + others + blanks < text.Length * 0.95) return false;
        return letters < EnoughLetters || (vowels > 0.2 * letters && vowels < 0.6 * letters);
    }

    // The fonts of the page that tell no characters: glyphs by number, without a table behind them.
    private HashSet<string> GuessedFonts()
    {
        HashSet<string> fonts = new(StringComparer.Ordinal);
        if (Resources() is not { } resources || _structure.Find<DictionaryToken>(resources, "Font") is not { } entries) return fonts;
        foreach (IToken entry in entries.Data.Values)
        {
            if (_structure.Find<DictionaryToken>(entry) is not { } font || font.ContainsKey(NameToken.ToUnicode)) continue;
            if (_structure.Find<NameToken>(font, "BaseFont") is { } name && (HasNumbersOnly(font) || NamesNumbersOnly(font))) fonts.Add(name.Data);
        }

        return fonts;
    }

    // Pages may have them in common with the pages they stand among.
    private DictionaryToken? Resources()
    {
        const int deepest = 32;
        DictionaryToken? node = _page.Dictionary;
        for (int depth = 0; node is not null && depth < deepest; depth++)
        {
            if (_structure.Find<DictionaryToken>(node, "Resources") is { } resources) return resources;
            node = _structure.Find<DictionaryToken>(node, "Parent");
        }

        return null;
    }

    private bool HasNumbersOnly(DictionaryToken font) =>
        _structure.Find<NameToken>(font, "Encoding") is { } encoding && encoding.Data.StartsWith("Identity", StringComparison.Ordinal)
        && _structure.Find<ArrayToken>(font, "DescendantFonts") is { Length: > 0 } descendants
        && _structure.Find<DictionaryToken>(descendants[0]) is { } descendant
        && (_structure.Find<DictionaryToken>(descendant, "CIDSystemInfo") is not { } system
            || _structure.Find<StringToken>(system, "Ordering") is null or { Data: "Identity" });

    private bool NamesNumbersOnly(DictionaryToken font)
    {
        if (_structure.Find<DictionaryToken>(font, "Encoding") is not { } encoding) return false;
        if (_structure.Find<ArrayToken>(encoding, "Differences") is not { } differences) return false;
        string[] names = [.. differences.Data.OfType<NameToken>().Select(name => name.Data).Where(name => name is not (".notdef" or "space"))];
        return names.Length > 0 && names.Count(NumberedGlyph.IsMatch) * 2 > names.Length;
    }

    private List<PdfLetter> WithoutCopies(PdfLetter[] letters)
    {
        HashSet<int> copies = CopiedStrings(letters);
        Dictionary<(string Text, int Column, int Row), PdfLetter> seen = [];
        List<PdfLetter> kept = new(letters.Length);
        for (int i = 0; i < letters.Length; i++)
        {
            PdfLetter letter = letters[i];
            if (copies.Contains(_page.Letters[i].TextSequence)) continue;
            if (letter.Text.Length > 0)
            {
                (int column, int row) = Cell(letter, BoldOffset);
                if (Near(column, row).Any(cell => seen.TryGetValue((letter.Text, cell.Column, cell.Row), out PdfLetter other) && IsCopy(letter, other))) continue;
                seen[(letter.Text, column, row)] = letter;
            }

            kept.Add(letter);
        }

        return kept;

        static bool IsCopy(PdfLetter letter, PdfLetter other)
        {
            double width = Math.Sqrt(Square(letter.EndX - letter.X) + Square(letter.EndY - letter.Y));
            double offset = Math.Sqrt(Square(letter.X - other.X) + Square(letter.Y - other.Y));
            return offset <= Math.Min(BoldOffset * letter.Size, Math.Max(0.5 * width, 0.05 * letter.Size));
        }
    }

    // A string of two letters and more never overlaps itself but to look bold, or to cast a shadow.
    private HashSet<int> CopiedStrings(PdfLetter[] letters)
    {
        HashSet<int> copies = [];
        Dictionary<(string Text, int Column, int Row), PdfLetter> seen = [];
        int first = 0;
        for (int i = 1; i <= letters.Length; i++)
        {
            int sequence = _page.Letters[first].TextSequence;
            if (i < letters.Length && _page.Letters[i].TextSequence == sequence) continue;
            string text = string.Concat(letters[first..i].Select(letter => letter.Text));
            if (text.Count(char.IsLetterOrDigit) > 1)
            {
                PdfLetter start = letters[first];
                (int column, int row) = Cell(start, ShadowOffset);
                if (Near(column, row).Any(cell => seen.TryGetValue((text, cell.Column, cell.Row), out PdfLetter other) && IsShadow(start, other))) copies.Add(sequence);
                else seen[(text, column, row)] = start;
            }

            first = i;
        }

        return copies;

        static bool IsShadow(PdfLetter letter, PdfLetter other) =>
            Math.Abs(letter.X - other.X) <= ShadowOffset * letter.Size && Math.Abs(letter.Y - other.Y) <= ShadowOffset * letter.Size;
    }

    private static double Square(double value) => value * value;

    private static (int Column, int Row) Cell(PdfLetter letter, double offset)
    {
        double side = offset * Math.Round(letter.Size);
        return ((int)(letter.X / side), (int)(letter.Y / side));
    }

    private static IEnumerable<(int Column, int Row)> Near(int column, int row)
    {
        for (int x = column - 1; x <= column + 1; x++)
        {
            for (int y = row - 1; y <= row + 1; y++) yield return (x, y);
        }
    }

    [GeneratedRegex(@"^(?:g|G|c|C|a|A|x|cid|glyph|index|gid)[-_.]?\d+$")]
    private static partial Regex NumberedGlyph { get; }
}
