using System.Collections.Frozen;

namespace GenQ.Retrieval;

/// <summary>Lucene's EnglishAnalyzer: standard tokenizer, possessive filter, lower case, 33 stop words, Porter stemmer.</summary>
internal sealed class EnglishAnalyzer() : Analyzer("english")
{
    // Longer ones are left out, where Lucene cuts them into pieces: nobody searches for either.
    private const int LongestTerm = 255;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> StopWords = FrozenSet.Create(
    [
        "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not", "of", "on", "or",
        "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with",
    ]).GetAlternateLookup<ReadOnlySpan<char>>();

    private protected override IEnumerable<string> TermsOf(string text)
    {
        foreach (Range word in PlacesOf(text))
        {
            if (Term(text.AsSpan(word)) is { } term) yield return term;
        }
    }

    private protected override IEnumerable<Range> PlacesOf(string text) => WordBreaker.Words(text);

    private static string? Term(ReadOnlySpan<char> word)
    {
        if (word.Length > LongestTerm) return null;
        if (word is [.., '\'' or '\u2019' or '\uFF07', 's' or 'S']) word = word[..^2];
        Span<char> letters = stackalloc char[word.Length];
        word.ToLowerInvariant(letters);
        return StopWords.Contains(letters) ? null : letters[..PorterStemmer.Stem(letters)].ToString();
    }
}
