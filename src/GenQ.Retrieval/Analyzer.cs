using GenQ.Data;

namespace GenQ.Retrieval;

/// <summary>Turns a text into the terms that BM25 counts.</summary>
public abstract class Analyzer
{
    private protected Analyzer(string name) => Name = name;

    /// <summary>English as in Lucene's EnglishAnalyzer: words without 's, lower-cased, without stop words, stemmed by Porter.</summary>
    public static Analyzer English { get; } = new EnglishAnalyzer();

    /// <summary>
    /// English as a run searches it: words as in <see cref="English"/>, but without all that only ask or join, pairs of neighbouring words at 0.3 of
    /// their weight, and runs of five letters at 0.1.
    /// </summary>
    public static Analyzer EnglishNGrams { get; } = new EnglishNGramsAnalyzer();

    /// <summary>Lower-cased runs of letters and digits: for any language that puts spaces between its words.</summary>
    public static Analyzer Plain { get; } = new PlainAnalyzer();

    /// <summary>"english-ngrams", "english" or "plain": stands in the index file, since queries must be analyzed as the passages were.</summary>
    public string Name { get; }

    /// <summary>The analyzer of that name.</summary>
    /// <exception cref="GenQException">There is none.</exception>
    public static Analyzer Named(string name) => name switch
    {
        "english-ngrams" => EnglishNGrams,
        "english" => English,
        "plain" => Plain,
        _ => throw new GenQException($"There is no analyzer '{name}': choose 'english-ngrams', 'english' or 'plain'."),
    };

    /// <summary>
    /// The words in the order of the text, repeated as often as they stand there: ligatures, full-width letters and the like in plain
    /// letters.
    /// </summary>
    public IEnumerable<string> Terms(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TermsOf(UnicodeText.Normalize(text));
    }

    /// <summary>What each field counts for: BM25 is computed in each by itself, with its own lengths, and added.</summary>
    internal virtual IReadOnlyList<float> FieldWeights { get; } = [1];

    /// <summary>The terms of each field, of which <see cref="Terms"/> are the first. No two fields share a term.</summary>
    internal IReadOnlyList<IEnumerable<string>> Fields(string text) => FieldsOf(UnicodeText.Normalize(text));

    /// <summary>Finds the words that a query asks for: what a search by words has found in a text.</summary>
    /// <param name="query">What is asked.</param>
    /// <returns>Gives the places of those words in a text as it is shown, in its order, in UTF-16 units.</returns>
    internal Func<string, IEnumerable<Range>> FinderOf(string query)
    {
        Predicate<string> isAsked = AskedIn(query);
        return text => PlacesOf(text).Where(place => isAsked(text[place]));
    }

    // Whether a query asks for a word.
    private protected virtual Predicate<string> AskedIn(string query)
    {
        HashSet<string> terms = [.. Terms(query)];
        return word => Terms(word).Any(terms.Contains);
    }

    private protected abstract IEnumerable<string> TermsOf(string text);

    private protected virtual IReadOnlyList<IEnumerable<string>> FieldsOf(string text) => [TermsOf(text)];

    // Where the words stand.
    private protected abstract IEnumerable<Range> PlacesOf(string text);
}
