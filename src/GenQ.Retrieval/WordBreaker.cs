using System.Globalization;
using System.Text;

namespace GenQ.Retrieval;

/// <summary>
/// Finds the words of a text at the boundaries of Unicode Standard Annex 29, as Lucene's StandardTokenizer does: "don't",
/// "U.S.A", "3.14" and "foo_bar" are one word, "C++" is "C", every ideograph and every Hiragana is a word of its own.
/// </summary>
internal static class WordBreaker
{
    private enum Kind
    {
        /// <summary>Ends a word.</summary>
        Other,

        /// <summary>ALetter and Hebrew_Letter.</summary>
        Letter,
        Numeric,

        /// <summary>ExtendNumLet: the underscore and its kin.</summary>
        Connector,
        Katakana,

        /// <summary>Thai, Lao, Khmer and Myanmar, which put no spaces between words: a run is one word.</summary>
        SouthEastAsian,

        /// <summary>Ideographs and Hiragana: a word each.</summary>
        Single,

        /// <summary>Joins two letters.</summary>
        MiddleOfLetters,

        /// <summary>Joins two digits.</summary>
        MiddleOfNumbers,

        /// <summary>Joins two letters or two digits.</summary>
        MiddleOfBoth,

        /// <summary>Extend and Format: belongs to what stands before it.</summary>
        Extend,
    }

    /// <summary>Where the words stand that hold at least one letter or digit.</summary>
    public static IEnumerable<Range> Words(string text)
    {
        for (int start = 0; start < text.Length;)
        {
            (Kind kind, int end) = Next(text, start);
            bool isWord = kind is Kind.Letter or Kind.Numeric or Kind.Katakana or Kind.SouthEastAsian or Kind.Single;
            if (isWord || kind == Kind.Connector)
            {
                while (Joined(text, kind, end) is { } next)
                {
                    (kind, end) = next;
                    isWord |= kind != Kind.Connector;
                }

                if (isWord) yield return start..end;
            }

            start = end;
        }
    }

    // What stands at `end` if it belongs to the word whose last character is of the kind `last`, and where that ends.
    private static (Kind Kind, int End)? Joined(string text, Kind last, int end)
    {
        if (end >= text.Length || last == Kind.Single) return null;
        (Kind Kind, int End) next = Next(text, end);
        bool joins = (last, next.Kind) switch
        {
            (Kind.Letter or Kind.Numeric or Kind.Connector, Kind.Letter or Kind.Numeric or Kind.Connector) => true, // WB5, 8-10, 13a, 13b
            (Kind.Katakana or Kind.Connector, Kind.Katakana) or (Kind.Katakana, Kind.Connector) => true, // WB13, 13a, 13b
            (Kind.SouthEastAsian, Kind.SouthEastAsian) => true,
            _ => false,
        };
        if (joins) return next;

        bool isMiddle = (last, next.Kind) is (Kind.Letter, Kind.MiddleOfLetters or Kind.MiddleOfBoth)
            or (Kind.Numeric, Kind.MiddleOfNumbers or Kind.MiddleOfBoth);
        if (!isMiddle || next.End >= text.Length) return null;
        (Kind Kind, int End) beyond = Next(text, next.End);
        return beyond.Kind == last ? beyond : null; // WB6, 7, 11, 12
    }

    // The kind of the character at `start`, and the end of it and of the marks behind it (WB4).
    private static (Kind Kind, int End) Next(string text, int start)
    {
        Kind kind = Classify(text, start, out int length);
        int end = start + length;
        while (end < text.Length && !char.IsAscii(text[end]) && Classify(text, end, out length) == Kind.Extend) end += length;
        return (kind, end);
    }

    private static Kind Classify(string text, int index, out int length)
    {
        length = 1;
        char c = text[index];
        if (char.IsAsciiLetter(c)) return Kind.Letter;
        if (char.IsAsciiDigit(c)) return Kind.Numeric;
        switch (c)
        {
            case '_':
                return Kind.Connector;
            case ':' or '\u00B7' or '\u0387' or '\u05F4' or '\u2027' or '\uFE13' or '\uFE55' or '\uFF1A':
                return Kind.MiddleOfLetters;
            case ',' or ';' or '\u037E' or '\u0589' or '\u060C' or '\u060D' or '\u066C' or '\u07F8' or '\u2044'
                or '\uFE10' or '\uFE14' or '\uFE50' or '\uFE54' or '\uFF0C' or '\uFF1B':
                return Kind.MiddleOfNumbers;
            case '.' or '\'' or '\u2018' or '\u2019' or '\u2024' or '\uFE52' or '\uFF07' or '\uFF0E':
                return Kind.MiddleOfBoth;
        }

        if (char.IsAscii(c) || !Rune.TryGetRuneAt(text, index, out Rune rune)) return Kind.Other;
        length = rune.Utf16SequenceLength;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format => rune.Value == 0x200B ? Kind.Other : Kind.Extend,
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber => KindOfLetter(rune.Value),
            UnicodeCategory.DecimalDigitNumber => Kind.Numeric,
            UnicodeCategory.ConnectorPunctuation => Kind.Connector,
            _ => rune.Value is >= 0x24B6 and <= 0x24E9 ? Kind.Letter : Kind.Other, // circled letters
        };
    }

    private static Kind KindOfLetter(int c) => c switch
    {
        0x3006 => Kind.Other,
        >= 0x3031 and <= 0x3035 or >= 0x30A1 and <= 0x30FF or >= 0x31F0 and <= 0x31FF or >= 0xFF66 and <= 0xFF9F => Kind.Katakana,
        0x3007 or >= 0x3021 and <= 0x3029 or >= 0x3038 and <= 0x303B or >= 0x3041 and <= 0x309F
            or >= 0x3400 and <= 0x4DBF or >= 0x4E00 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF or >= 0x20000 and <= 0x3FFFF => Kind.Single,
        >= 0x0E00 and <= 0x0EFF or >= 0x1000 and <= 0x109F or >= 0x1780 and <= 0x17FF => Kind.SouthEastAsian,
        _ => Kind.Letter,
    };
}
