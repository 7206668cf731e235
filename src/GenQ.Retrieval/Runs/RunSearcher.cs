using GenQ.Data;
using GenQ.Text;

namespace GenQ.Retrieval;

/// <summary>Searches the passages of a finished run.</summary>
/// <remarks>Thread-safe except for <see cref="Dispose"/>.</remarks>
public sealed class RunSearcher : IDisposable
{
    private readonly ISentenceEncoder _encoder;
    private readonly RunIndex _index;

    private RunSearcher(Passage[] passages, ISentenceEncoder encoder, RunIndex index) => (Passages, _encoder, _index) = (passages, encoder, index);

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

    /// <summary>Finds the passages that answer a query.</summary>
    /// <param name="query">What is asked; it may not be empty.</param>
    /// <param name="top">The most results, at least 1.</param>
    /// <param name="mode">What the ranking goes by.</param>
    /// <exception cref="GenQException">The query has no words.</exception>
    public SearchAnswer Search(string query, int top = 10, SearchMode mode = SearchMode.Both)
    {
        if (string.IsNullOrWhiteSpace(query)) throw new GenQException("The query is empty: say what you are looking for.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        using Telemetry.Operation search = Telemetry.Search(mode switch { SearchMode.Words => "words", SearchMode.Meaning => "meaning", _ => "both" });
        query = UnicodeText.Normalize(query); // as the passages are
        IReadOnlyList<SearchResult> results = mode switch
        {
            SearchMode.Words => _index.Words.Search(query, top),
            SearchMode.Meaning => _index.Vectors.Search(_encoder.EncodeQueries([query])[0], top),
            _ => new HybridSearcher(_index.Words, _index.Vectors, _index.WordsWeight).Search(query, _encoder.EncodeQueries([query])[0], top),
        };
        search.Tag("genq.search.hits", results.Count);
        search.Complete();
        return new SearchAnswer(query, [.. results.Select(result => new SearchHit(Passages[result.Passage], result.Score))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _index.Dispose();
    }
}
