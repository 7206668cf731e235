using System.Collections.Frozen;
using GenQ.Data;

namespace GenQ.Retrieval;

/// <summary>
/// What is asked in English, in three fields: words without function words, stemmed by Porter; pairs of neighbouring ones; and runs of five letters within
/// words (McNamee and Mayfield 2004, "Character N-Gram Tokenization for European Language Text Retrieval"), which find a word in another form, with a
/// mistake in it, or as a part of a name.
/// </summary>
internal sealed class EnglishNGramsAnalyzer() : Analyzer("english-ngrams")
{
    private const int RunLength = 5;

    // A query is a question more often than a passage is: words that only ask are rare there, and BM25 takes what is rare for what is meant.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> FunctionWords = FrozenSet.Create(
    [
        "a", "about", "am", "an", "and", "any", "are", "as", "at", "be", "been", "being", "but", "by", "can", "can't", "could", "did", "didn't", "do", "does",
        "doesn't", "doing", "don't", "for", "from", "had", "has", "have", "having", "he", "her", "him", "his", "how", "i", "if", "in", "into", "is", "isn't",
        "it", "its", "may", "me", "might", "my", "no", "not", "of", "on", "or", "our", "shall", "she", "should", "so", "some", "such", "than", "that", "the",
        "their", "them", "then", "there", "these", "they", "this", "those", "to", "us", "was", "we", "were", "what", "when", "where", "which", "while",
        "who", "whom", "whose", "why", "will", "with", "won't", "would", "you", "your",
    ]).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <inheritdoc/>
    internal override IReadOnlyList<float> FieldWeights { get; } = [1, 0.3f, 0.1f];

    private protected override IEnumerable<string> TermsOf(string text) => EnglishAnalyzer.TermsOf(text, FunctionWords);

    private protected override IEnumerable<Range> PlacesOf(string text) => WordBreaker.Words(text);

    // A pair has a space and a run begins with a sign: neither can be a word.
    private protected override IReadOnlyList<IEnumerable<string>> FieldsOf(string text)
    {
        string[] words = [.. TermsOf(text)];
        return [words, words.Zip(words.Skip(1), (first, second) => $"{first} {second}"), PlainAnalyzer.Words(text).SelectMany(RunsOf)];
    }

    // A word is asked for by its letters where most runs of the shorter one are the other's, too: "serializer" by "serialization", "information" by "inform".
    private protected override Predicate<string> AskedIn(string query)
    {
        Predicate<string> hasTerm = base.AskedIn(query);
        string[][] asked = [.. RunsOfWords(query)];
        HashSet<string> any = [.. asked.SelectMany(runs => runs)];
        return word => hasTerm(word) || RunsOfWords(word).Any(runs =>
            runs.Any(any.Contains) && asked.Any(own => 2 * own.Intersect(runs).Count() > Math.Min(own.Length, runs.Length)));
    }

    private static IEnumerable<string[]> RunsOfWords(string text) =>
        PlainAnalyzer.Words(UnicodeText.Normalize(text)).Select(word => RunsOf(word).Distinct().ToArray());

    // Where a word begins and ends belongs to its runs. One of two UTF-16 units for a letter stays whole: half a letter is none.
    private static IEnumerable<string> RunsOf(string word)
    {
        if (FunctionWords.Contains(word) || word.Length > EnglishAnalyzer.LongestTerm) return [];
        string marked = $"^{word}$";
        return marked.Length <= RunLength || word.Any(char.IsSurrogate)
            ? [$"#{marked}"]
            : Enumerable.Range(0, marked.Length - RunLength + 1).Select(start => $"#{marked.AsSpan(start, RunLength)}");
    }
}
