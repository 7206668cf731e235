using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;

namespace GenQ;

/// <summary>Searches the passages of a finished run with its adapted model.</summary>
public sealed class RunSearcher : IDisposable
{
    private readonly Passage[] _passages;
    private readonly BiEncoder _encoder;
    private readonly PassageIndex _vectors;
    private readonly Bm25Index _words;

    private RunSearcher(Passage[] passages, BiEncoder encoder, PassageIndex vectors, Bm25Index words)
        => (_passages, _encoder, _vectors, _words) = (passages, encoder, vectors, words);

    /// <summary>Opens a run.</summary>
    /// <exception cref="GenQException">A stage of the run is missing, or its index is of another model.</exception>
    public static RunSearcher Open(RunFolder run, Precision precision = Precision.Auto)
    {
        if (!File.Exists(run.Index)) throw new GenQException($"'{run.Path}' has no index: finish the run with 'genq run DOCS -o {run.Path}'.");
        string model = Fingerprint.OfModel(run.Model);
        PassageIndex vectors = PassageIndex.Open(run.Index, model);
        try
        {
            Bm25Index words = Bm25Index.Load(run.WordIndex);
            Passage[] passages = [.. PassageFile.Read(run.Passages)];
            bool isOfPassages = !File.Exists(run.Settings) || new RunLedger(run.Settings).IsBegunWith("index", StageIdentity.OfIndex(run, model));
            if (!isOfPassages || passages.Length != vectors.Count || passages.Length != words.Count)
            {
                throw new GenQException(
                    $"'{run.Passages}' ({passages.Length:N0} passages) is not what the index was made of ({vectors.Count:N0}). "
                    + $"Put the old passages back, or make the index anew with 'genq index {run.Path}'.");
            }

            return new RunSearcher(passages, BiEncoder.Load(run.Model, new BiEncoderOptions { Precision = precision }), vectors, words);
        }
        catch
        {
            vectors.Dispose();
            throw;
        }
    }

    /// <summary>Finds the passages that answer a query.</summary>
    /// <param name="query">What is asked; it may not be empty.</param>
    /// <param name="top">The most results, at least 1.</param>
    /// <param name="mode">What the ranking goes by.</param>
    /// <exception cref="GenQException">The query has no words.</exception>
    public IReadOnlyList<SearchHit> Search(string query, int top = 10, SearchMode mode = SearchMode.Both)
    {
        if (string.IsNullOrWhiteSpace(query)) throw new GenQException("The query is empty: say what you are looking for.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        query = UnicodeText.Normalize(query); // as the passages are
        IReadOnlyList<SearchResult> results = mode switch
        {
            SearchMode.Words => _words.Search(query, top),
            SearchMode.Meaning => _vectors.Search(_encoder.EncodeQueries([query])[0], top),
            _ => new HybridSearcher(_words, _vectors).Search(query, _encoder.EncodeQueries([query])[0], top),
        };
        return [.. results.Select(result => new SearchHit(_passages[result.Passage], result.Score))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _vectors.Dispose();
    }
}
