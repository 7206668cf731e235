using System.Globalization;

namespace GenQ.Retrieval;

/// <summary>Lower-cased runs of letters and digits.</summary>
internal sealed class PlainAnalyzer() : Analyzer("plain")
{
    /// <summary>The words of a normalised text.</summary>
    public static IEnumerable<string> Words(string text) => Places(text).Select(word => text[word].ToLowerInvariant());

    private protected override IEnumerable<string> TermsOf(string text) => Words(text);

    private protected override IEnumerable<Range> PlacesOf(string text) => Places(text);

    private static IEnumerable<Range> Places(string text)
    {
        for (int start = 0; start < text.Length; start++)
        {
            int end = start;
            while (end < text.Length && IsPart(text, end, end > start)) end++;
            if (end > start) yield return start..end;
            start = end;
        }
    }

    // Marks within a word are part of it: Hindi writes its vowels with them. A surrogate counts with its pair.
    private static bool IsPart(string text, int index, bool within) => CharUnicodeInfo.GetUnicodeCategory(text[index]) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => within,
        UnicodeCategory.Surrogate => char.IsLetterOrDigit(text, char.IsLowSurrogate(text[index]) && index > 0 ? index - 1 : index),
        _ => false,
    };
}
