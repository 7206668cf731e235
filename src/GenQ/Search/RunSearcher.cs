using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;
using GenQ.Text;

namespace GenQ;

/// <summary>Searches the passages of a finished run with its adapted model.</summary>
public sealed class RunSearcher : IDisposable
{
    private readonly Passage[] _passages;
    private readonly BiEncoder _encoder;
    private readonly RunIndex _index;

    private RunSearcher(Passage[] passages, BiEncoder encoder, RunIndex index) => (_passages, _encoder, _index) = (passages, encoder, index);

    /// <summary>Opens a run.</summary>
    /// <exception cref="GenQException">A stage of the run is missing, or its index is of another model.</exception>
    public static RunSearcher Open(RunFolder run, Precision precision = Precision.Auto)
    {
        if (!File.Exists(run.Index))
            throw new GenQException($"'{run.Path}' has no index: finish the run first.") { Where = run.Index, Expected = "an index", Remedy = new Remedy.RunStage("run", run.Path) };
        string model = Fingerprint.OfModel(run.Model);
        RunIndex index = RunIndex.Open(run, model);
        try
        {
            RunState state = new(run);
            RunLedger ledger = new(run.Settings);
            bool isOfPassages = !File.Exists(run.Settings)
                || ledger.IsBegunWith("index", RunIndex.Identity(model, state.PassagesHash, ledger.Begun("index", RunIndex.QueriesName)));
            if (!isOfPassages || state.Passages.Length != index.Vectors.Count) throw RunIndex.Mismatch(run, state.Passages.Length, index.Vectors.Count);
            return new RunSearcher(state.Passages, BiEncoder.Load(run.Model, new BiEncoderOptions { Precision = precision }), index);
        }
        catch
        {
            index.Dispose();
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
        query = UnicodeText.Normalize(query); // as the passages are
        IReadOnlyList<SearchResult> results = mode switch
        {
            SearchMode.Words => _index.Words.Search(query, top),
            SearchMode.Meaning => _index.Vectors.Search(_encoder.EncodeQueries([query])[0], top),
            _ => new HybridSearcher(_index.Words, _index.Vectors, _index.WordsWeight).Search(query, _encoder.EncodeQueries([query])[0], top),
        };
        return new SearchAnswer(query, [.. results.Select(result => new SearchHit(_passages[result.Passage], result.Score))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _index.Dispose();
    }
}
