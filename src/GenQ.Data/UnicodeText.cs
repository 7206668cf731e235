using System.Globalization;
using System.Text;

namespace GenQ.Data;

/// <summary>
/// Writes text in the letters that people type, so that a search finds it: ligatures, full-width and other presentation forms become
/// plain letters,
/// letters and their accents one character (NFC), and marks that nobody sees are dropped. What means something stays: 10², ½ and ™ are no
/// other writing of 102, 1/2 and TM, which is why this is not NFKC.
/// </summary>
internal static class UnicodeText
{
    /// <summary>Returns the text in plain letters; ASCII comes back as it is. A surrogate without its other half becomes U+FFFD.</summary>
    public static string Normalize(string text)
    {
        if (Ascii.IsValid(text)) return text;
        StringBuilder plain = new(text.Length);
        for (int i = 0, length; i < text.Length; i += length)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out length);
            if (IsInvisible(rune.Value) || (IsJoiner(rune.Value) && !Joins(rune.Value, plain, text, i + 1))) continue;
            if (IsPresentation(rune, text, i)) plain.Append(rune.ToString().Normalize(NormalizationForm.FormKC));
            else plain.Append(rune.ToString());
        }

        return plain.ToString().Normalize();
    }

    /// <summary>Returns the beginning of a text: at most so many UTF-16 units, never the half of a character.</summary>
    public static string Cut(string text, int most)
        => text.Length <= most ? text : text[..(most > 0 && char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    // Soft hyphens, marks of direction, variation selectors and tags; what only says how other characters are set.
    private static bool IsInvisible(int c) => c is 0xAD or 0x34F or 0x61C or 0x180E or 0x200E or 0x200F or >= 0x202A and <= 0x202E
        or >= 0x2060 and <= 0x206F or >= 0xFE00 and <= 0xFE0F or 0xFEFF or >= 0xFFF9 and <= 0xFFFB or >= 0xE0000 and <= 0xE0FFF;

    private static bool IsJoiner(int c) => c is >= 0x200B and <= 0x200D;

    // A zero-width space divides the words of Thai and Khmer; the joiners spell words of Persian and of India, and emoji. Elsewhere they
    // only set type.
    private static bool Joins(int joiner, StringBuilder before, string text, int next)
    {
        if (before.Length == 0 || next >= text.Length) return false;
        return joiner == 0x200B ? HasNoSpaces(before[^1]) && HasNoSpaces(text[next]) : MayBeJoined(before[^1]) && MayBeJoined(text[next]);

        static bool HasNoSpaces(char c) => c is >= '\u0E00' and <= '\u0EFF' or >= '\u1000' and <= '\u109F' or >= '\u1780' and <= '\u17FF';
        static bool MayBeJoined(char c) => c is >= '\u0600' and <= '\u1CFF' or >= '\u2190' and <= '\u2BFF' or (>= '\uD800' and <= '\uDFFF');
    }

    // Other shapes of letters, digits and units that have characters of their own.
    private static bool IsPresentation(Rune rune, string text, int index) => rune.Value switch
    {
        < 0x80 => false,
        0xB5 or 0x132 or 0x133 or 0x13F or 0x140 or 0x149 or 0x17F or >= 0x1C4 and <= 0x1CC or >= 0x1F1 and <= 0x1F3 => true,
        0x2103 or 0x2109 or >= 0x2160 and <= 0x217F => true, // degrees, Roman numerals
        >= 0x2100 and <= 0x214F => Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter,
        >= 0x2E80 and <= 0x2FDF or >= 0x3371 and <= 0x33DF => true, // radicals as signs of their own, units in one square
        >= 0xFB00 and <= 0xFDFF or >= 0xFE70 and <= 0xFEFC => true, // ligatures, and the shapes of Hebrew and Arabic
        >= 0xFF65 and <= 0xFFDC => true, // half-width Katakana and Hangul
        >= 0xFF01 and <= 0xFF5E => IsFullWidthWord(rune.Value)
            || (IsFullWidthWord(At(text, index - 1)) && IsFullWidthWord(At(text, index + 1))),
        >= 0x1D400 and <= 0x1D7FF => true, // bold and italic letters of mathematics
        _ => false,
    };

    // Chinese and Japanese set full-width punctuation beside their own letters, and it stays there: inside "３．１４" it belongs to the number.
    private static bool IsFullWidthWord(int c) => c is >= 0xFF10 and <= 0xFF19 or >= 0xFF21 and <= 0xFF3A or >= 0xFF41 and <= 0xFF5A;

    private static int At(string text, int index) => index >= 0 && index < text.Length ? text[index] : 0;
}
