using System.Text.RegularExpressions;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Tokens;

namespace GenQ.PdfWorker;

/// <summary>
/// The letters of a page in content order: each once, also where it is drawn twice to look bold, and with the characters it stands for.
/// </summary>
internal sealed partial class PdfLetters
{
    // A shadow stands within a third of the letters' size; a letter that is drawn twice within a fifth.
    private const double ShadowOffset = 0.35, BoldOffset = 0.2;

    // A few letters say little about how a language spreads its vowels.
    private const int EnoughLetters = 20;

    private readonly Structure _structure;
    private readonly Page _page;
    private readonly IReadOnlyList<Letter> _letters;
    private readonly bool[] _isGuessed;

    private PdfLetters(Structure structure, Page page)
    {
        _structure = structure;
        _page = page;
        _letters = page.Letters;
        HashSet<string> guessed = GuessedFonts();
        _isGuessed = new bool[_letters.Count];
        for (int i = 0; i < _isGuessed.Length; i++)
            _isGuessed[i] = IsPrivate(_letters[i].Value) || (guessed.Count > 0 && guessed.Contains(Font(_letters[i])));
    }

    /// <summary>Reads a page.</summary>
    public static IReadOnlyList<PdfLetter> Read(Structure structure, Page page)
    {
        PdfLetters letters = new(structure, page);
        return letters.WithoutCopies(letters.Resolved());
    }

    private PdfLetter[] Resolved()
    {
        Dictionary<string, bool> isLanguage = _letters.Where((_, i) => _isGuessed[i]).GroupBy(Font)
            .ToDictionary(font => font.Key, font => LooksLikeLanguage([.. font.Select(Guess)]));
        PdfLetter[] resolved = new PdfLetter[_letters.Count];
        for (int i = 0; i < resolved.Length; i++)
        {
            Letter letter = _letters[i];
            string text = !_isGuessed[i] ? letter.Value ?? "" : isLanguage[Font(letter)] ? Guess(letter) : "";
            if (text is ['\uFFFD', ..] || (text is [char first, ..] && char.IsControl(first) && !char.IsWhiteSpace(first))) text = "";
            (PdfPoint start, PdfPoint end) = (letter.StartBaseLine, letter.EndBaseLine);
            resolved[i] = new PdfLetter(text, start.X, start.Y, end.X, end.Y, Math.Max(letter.PointSize, 1));
        }

        return resolved;
    }

    // What a font does not tell comes as the glyph's number, what only its maker understands as a private character.
    private static bool IsPrivate(string? text) => text is [>= '\uE000' and <= '\uF8FF', ..] or [>= '\uDB80' and <= '\uDBFF', _, ..];

    // Fonts of symbols put their characters at U+F000 and the following, small capitals and old-style digits at U+F700.
    private static string Guess(Letter letter) =>
        letter.Value is [char c and >= '\uF000' and <= '\uF7FF'] && (c & 0xFF00) is 0xF000 or 0xF700 && (c & 0xFF) is > 0x20 and < 0x7F
            ? ((char)(c & 0xFF)).ToString()
            : letter.Value;

    private static string Font(Letter letter) => letter.FontName ?? "";

    private static bool LooksLikeLanguage(string[] values)
    {
        string text = string.Concat(values);
        int letters = text.Count(char.IsAsciiLetter), small = text.Count(char.IsAsciiLetterLower);
        int others = text.Count(c => c is > ' ' and < (char)0x7F) - letters;
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
            if (_structure.Find<NameToken>(font, "BaseFont") is not { } name) continue;
            if (HasNumbersOnly(font) || NamesNumbersOnly(font)) fonts.Add(name.Data);
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
        string[] names =
            [.. differences.Data.OfType<NameToken>().Select(name => name.Data).Where(name => name is not (".notdef" or "space"))];
        return names.Length > 0 && names.Count(NumberedGlyph.IsMatch) * 2 > names.Length;
    }

    private List<PdfLetter> WithoutCopies(PdfLetter[] letters)
    {
        bool[] isCopy = CopiedStrings(letters);
        PdfPlaces places = new(letters.Length);
        List<PdfLetter> kept = new(letters.Length);
        foreach ((int i, PdfLetter letter) in letters.Index())
        {
            if (isCopy[i]) continue;
            if (letter.Text.Length > 0)
            {
                double distance = BoldOffset * letter.Size;
                if (IsCopyOfAny(letter, places.Near(letter, distance))) continue;
                places.Add(letter, distance, kept.Count);
            }

            kept.Add(letter);
        }

        return kept;

        bool IsCopyOfAny(PdfLetter letter, List<int> others)
        {
            foreach (int other in others)
            {
                if (IsCopy(letter, kept[other])) return true;
            }

            return false;
        }

        static bool IsCopy(PdfLetter letter, PdfLetter other)
        {
            if (letter.Text != other.Text) return false;
            double width = Math.Sqrt(Square(letter.EndX - letter.X) + Square(letter.EndY - letter.Y));
            double offset = Math.Sqrt(Square(letter.X - other.X) + Square(letter.Y - other.Y));
            return offset <= Math.Min(BoldOffset * letter.Size, Math.Max(0.5 * width, 0.05 * letter.Size));
        }
    }

    // A string of two letters and more never overlaps itself but to look bold, or to cast a shadow.
    private bool[] CopiedStrings(PdfLetter[] letters)
    {
        bool[] isCopy = new bool[letters.Length];
        PdfPlaces places = new(letters.Length);
        for (int first = 0, end; first < letters.Length; first = end)
        {
            end = first + 1;
            while (end < letters.Length && _letters[end].TextSequence == _letters[first].TextSequence) end++;
            (int start, int length) = (first, end - first);
            if (!HasTwoLetters(letters.AsSpan(start, length))) continue;
            double distance = ShadowOffset * letters[start].Size;
            if (places.Near(letters[start], distance).Exists(other => IsShadow(other, start, length)))
                isCopy.AsSpan(start, length).Fill(true);
            else
                places.Add(letters[start], distance, start);
        }

        return isCopy;

        bool IsShadow(int other, int start, int length)
        {
            (PdfLetter letter, PdfLetter earlier) = (letters[start], letters[other]);
            double farthest = ShadowOffset * letter.Size;
            if (Math.Abs(letter.X - earlier.X) > farthest || Math.Abs(letter.Y - earlier.Y) > farthest) return false;
            for (int i = 0; i < length; i++)
            {
                if (letters[other + i].Text != letters[start + i].Text) return false;
                if (_letters[other + i].TextSequence != _letters[other].TextSequence) return false;
            }

            return true;
        }
    }

    private static bool HasTwoLetters(ReadOnlySpan<PdfLetter> letters)
    {
        int known = 0;
        foreach (PdfLetter letter in letters)
        {
            if (letter.Text is [char first, ..] && char.IsLetterOrDigit(first) && ++known == 2) return true;
        }

        return false;
    }

    private static double Square(double value) => value * value;

    [GeneratedRegex(@"^(?:g|G|c|C|a|A|x|cid|glyph|index|gid)[-_.]?\d+$")]
    private static partial Regex NumberedGlyph { get; }
}
