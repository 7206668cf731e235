using System.Text.RegularExpressions;
using GenQ.Data;

namespace GenQ.Retrieval;

/// <summary>Tells whether texts are English, by the words that every English text has.</summary>
public static partial class EnglishText
{
    /// <summary>English prose has a share of about 0.4, API documentation 0.25, other languages under 0.1.</summary>
    public const double LowestShare = 0.15;

    // Fewer words say nothing; the letters of other scripts say it at once.
    private const int FewestWords = 10, FewestForeignLetters = 15;

    // Where the letters of Latin, and their accents, end.
    private const char LastLatin = '\u036F';

    // N-grams take several times the place of words, some 4 KB a passage: a gigabyte for so many.
    private const int MostWithNGrams = 250_000;

    // Passages looked at, spread over the corpus.
    private const int Sample = 500;

    private static readonly HashSet<string> CommonWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "do", "for", "from",
        "has", "have", "if", "in", "into", "is", "it", "its", "may", "more", "no", "not", "of", "on", "one", "only", "or", "other", "than",
        "that", "the", "their", "there", "these", "they", "this", "to", "use", "used", "was", "were", "when", "which", "will", "with", "you",
    };

    /// <summary>Computes the share of common English words among all words, 0 to 1.</summary>
    public static double Share(IReadOnlyList<Passage> passages)
    {
        (int Words, int Common)[] counts = [.. Spread(passages).Select(passage => Count(passage.Text))];
        int words = counts.Sum(count => count.Words);
        return words == 0 ? 1 : counts.Sum(count => count.Common) / (double)words;
    }

    /// <summary>Computes the share of the passages that are not English, 0 to 1, of those that are long enough to tell.</summary>
    public static double ForeignShare(IReadOnlyList<Passage> passages)
    {
        int told = 0, foreign = 0;
        foreach (Passage passage in Spread(passages))
        {
            (int words, int common) = Count(passage.Text);
            bool isOtherScript = passage.Text.Count(c => c > LastLatin && char.IsLetter(c)) >= FewestForeignLetters;
            if (words < FewestWords && !isOtherScript) continue;
            told++;
            if (common < LowestShare * words) foreign++;
        }

        return told == 0 ? 0 : foreign / (double)told;
    }

    /// <summary>
    /// The analyzer that a search of the passages uses: <see cref="Analyzer.EnglishNGrams"/>, <see cref="Analyzer.English"/> beyond 250,000 passages, or
    /// <see cref="Analyzer.Plain"/> where they are not English.
    /// </summary>
    public static Analyzer AnalyzerFor(IReadOnlyList<Passage> passages)
        => !IsEnglish(passages) ? Analyzer.Plain : passages.Count > MostWithNGrams ? Analyzer.English : Analyzer.EnglishNGrams;

    /// <summary>Whether the passages are English.</summary>
    public static bool IsEnglish(IReadOnlyList<Passage> passages) => Share(passages) >= LowestShare;

    private static IEnumerable<Passage> Spread(IReadOnlyList<Passage> passages)
    {
        int step = Math.Max(1, passages.Count / Sample);
        for (int i = 0; i < passages.Count; i += step) yield return passages[i];
    }

    private static (int Words, int Common) Count(string text)
    {
        int words = 0, common = 0;
        foreach (Match word in Word().Matches(text))
        {
            words++;
            if (CommonWords.Contains(word.Value)) common++;
        }

        return (words, common);
    }

    // A CJK sentence is one run of letters and counts as one word, which no English word equals: good enough here.
    [GeneratedRegex(@"\p{L}+")]
    private static partial Regex Word();
}
