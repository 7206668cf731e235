using System.Text.RegularExpressions;
using GenQ.Data;

namespace GenQ.Retrieval;

/// <summary>Tells whether texts are English, by the words that every English text has.</summary>
public static partial class EnglishText
{
    /// <summary>English prose has a share of about 0.4, API documentation 0.25, other languages under 0.1.</summary>
    public const double LowestShare = 0.15;

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
        int words = 0, common = 0, step = Math.Max(1, passages.Count / Sample);
        for (int i = 0; i < passages.Count; i += step)
        {
            foreach (Match word in Word().Matches(passages[i].Text))
            {
                words++;
                if (CommonWords.Contains(word.Value)) common++;
            }
        }

        return words == 0 ? 1 : common / (double)words;
    }

    /// <summary>The analyzer that fits the passages: of English, or of no language.</summary>
    public static Analyzer AnalyzerFor(IReadOnlyList<Passage> passages) => Share(passages) >= LowestShare ? Analyzer.English : Analyzer.Plain;

    // A CJK sentence is one run of letters and counts as one word, which no English word equals: good enough here.
    [GeneratedRegex(@"\p{L}+")]
    private static partial Regex Word();
}
