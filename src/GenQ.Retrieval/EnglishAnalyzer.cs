using System.Collections.Frozen;

namespace GenQ.Retrieval;

/// <summary>Lucene's EnglishAnalyzer: standard tokenizer, possessive filter, lower case, 33 stop words, Porter stemmer.</summary>
internal sealed class EnglishAnalyzer() : Analyzer("english")
{
    // Longer ones are left out, where Lucene cuts them into pieces: nobody searches for either.
    public const int LongestTerm = 255;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> StopWords = FrozenSet.Create(
    [
        "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not", "of", "on", "or",
        "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with",
    ]).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The stems of the words that are none of some.</summary>
    /// <param name="text">A normalised text.</param>
    /// <param name="stopWords">In small letters.</param>
    public static IEnumerable<string> TermsOf(string text, FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> stopWords)
    {
        foreach (Range word in WordBreaker.Words(text))
        {
            if (Term(text.AsSpan(word), stopWords) is { } term) yield return term;
        }
    }

    private protected override IEnumerable<string> TermsOf(string text) => TermsOf(text, StopWords);

    private protected override IEnumerable<Range> PlacesOf(string text) => WordBreaker.Words(text);

    private static string? Term(ReadOnlySpan<char> word, FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> stopWords)
    {
        if (word.Length > LongestTerm) return null;
        if (word is [.., '\'' or '\u2019' or '\uFF07', 's' or 'S']) word = word[..^2];
        Span<char> letters = stackalloc char[word.Length];
        word.ToLowerInvariant(letters);
        return stopWords.Contains(letters) ? null : letters[..PorterStemmer.Stem(letters)].ToString();
    }
}
