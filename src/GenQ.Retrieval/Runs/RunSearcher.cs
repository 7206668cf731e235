using GenQ.Data;
using GenQ.Text;

namespace GenQ.Retrieval;

/// <summary>Searches the passages of a finished run.</summary>
/// <remarks>Thread-safe except for <see cref="Dispose"/>.</remarks>
public sealed class RunSearcher : IDisposable
{
    private readonly ISentenceEncoder _encoder;
    private readonly RunIndex _index;

    private RunSearcher(IReadOnlyList<Passage> passages, ISentenceEncoder encoder, RunIndex index) => (Passages, _encoder, _index) = (passages, encoder, index);

    /// <summary>The passages of the run, in their order.</summary>
    public IReadOnlyList<Passage> Passages { get; }

    /// <summary>What words count for beside meaning in <see cref="SearchMode.Both"/>, as the run has found it.</summary>
    public float WordsWeight => _index.WordsWeight;

    /// <summary>Opens a run.</summary>
    /// <param name="run">The run folder. Its passages, its index and genq.json are read, and no other file.</param>
    /// <param name="encoder">The run's adapted model. It is disposed of with the searcher, or at once where this fails.</param>
    /// <exception cref="GenQException">A stage of the run is missing, its index is of another model or other passages, or a newer GenQ has made it.</exception>
    public static RunSearcher Open(RunFolder run, ISentenceEncoder encoder)
    {
        RunIndex? index = null;
        try
        {
            RunRecords records = RunIndex.ReadRecords(run);
            RunIndex.RequireFusion(run, records);
            index = RunIndex.Open(run, encoder.ModelHash);
            return new RunSearcher(RunIndex.ReadPassages(run, records, index.Vectors).Passages, encoder, index);
        }
        catch
        {
            index?.Dispose();
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>Its two indexes: valid as long as the searcher.</summary>
    internal RunIndex Index => _index;

    /// <summary>The adapted model; it is the searcher's, which disposes of it.</summary>
    internal ISentenceEncoder Encoder => _encoder;

    /// <summary>Puts a searcher together of parts that are known to fit: vectors of the passages, and the encoder that made them. It disposes of both.</summary>
    internal static RunSearcher Of(IReadOnlyList<Passage> passages, ISentenceEncoder encoder, RunIndex index) => new(passages, encoder, index);

    /// <summary>Finds the passages that answer a query.</summary>
    /// <param name="query">What is asked; it may not be empty.</param>
    /// <param name="top">The most results, at least 1.</param>
    /// <param name="mode">What the ranking goes by.</param>
    /// <exception cref="GenQException">The query has no words.</exception>
    public SearchAnswer Search(string query, int top = SearchOptions.DefaultTop, SearchMode mode = SearchMode.Both) => Search(query, new SearchOptions { Top = top, Mode = mode });

    /// <summary>Finds the passages that answer a query, as options say.</summary>
    /// <param name="query">What is asked; it may not be empty.</param>
    /// <param name="options">How many, by what, among which.</param>
    /// <exception cref="GenQException">The query has no words.</exception>
    public SearchAnswer Search(string query, SearchOptions options)
    {
        if (string.IsNullOrWhiteSpace(query)) throw new GenQException("The query is empty: say what you are looking for.");
        ArgumentNullException.ThrowIfNull(options);
        SearchMode mode = options.Mode;
        using Telemetry.Operation search = Telemetry.Search(mode switch { SearchMode.Words => "words", SearchMode.Meaning => "meaning", _ => "both" });
        query = UnicodeText.Normalize(query); // as the passages are
        int top = options.Top ?? SearchOptions.DefaultTop, depth = Math.Max(top, HybridSearcher.Depth);
        Func<int, bool>? where = options.Where is { } mayBeFound ? place => mayBeFound(Passages[place]) : null;
        ReadOnlyMemory<float> vector = mode != SearchMode.Words || options.Explain ? _encoder.EncodeQueries([query])[0] : default;
        Ranking? byWords = mode != SearchMode.Meaning || options.Explain ? _index.Words.Search(query, depth, where) : null;
        Ranking? byMeaning = vector.Length > 0 ? _index.Vectors.Search([vector], depth, where)[0] : null;
        SearchResult[] results = [.. mode switch
        {
            SearchMode.Words => byWords!.Take(top),
            SearchMode.Meaning => byMeaning!.Take(top),
            _ => new HybridSearcher(_index.Words, _index.Vectors, options.WordsWeight ?? WordsWeight).Fuse([query], [vector], [byWords!], [byMeaning!], top)[0],
        }];
        search.Tag("genq.search.hits", results.Length);
        search.Complete();
        HitExplanation[]? explanations = options.Explain ? Explain(query, vector.Span, [.. results.Select(result => result.Passage)], byWords!, byMeaning!) : null;
        return new SearchAnswer(query, [.. results.Select((result, i) => new SearchHit(Passages[result.Passage], result.Score) { Explanation = explanations?[i] })]);
    }

    private HitExplanation[] Explain(string query, ReadOnlySpan<float> vector, int[] hits, Ranking byWords, Ranking byMeaning)
    {
        float[] words = _index.Words.Scores(query, hits), cosines = _index.Vectors.Scores(vector, hits);
        Dictionary<int, int> wordsRanks = Ranks(byWords), meaningRanks = Ranks(byMeaning);
        Func<string, IEnumerable<Range>> find = _index.Words.Analyzer.FinderOf(query);
        return [.. hits.Select((hit, i) => new HitExplanation(
            words[i], Rank(wordsRanks, hit), cosines[i], Rank(meaningRanks, hit), [.. find(Passages[hit].Text)]))];

        static Dictionary<int, int> Ranks(Ranking ranking) => ranking.Index().ToDictionary(result => result.Item.Passage, result => result.Index + 1);
        static int? Rank(Dictionary<int, int> ranks, int hit) => ranks.TryGetValue(hit, out int rank) ? rank : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _index.Dispose();
    }
}
