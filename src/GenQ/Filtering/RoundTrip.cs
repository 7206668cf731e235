using GenQ.Data;
using GenQ.Retrieval;

namespace GenQ.Filtering;

/// <summary>
/// Sends queries back: one that is about its passage finds it again (Alberti et al. 2019, "Synthetic QA Corpora Generation with
/// Roundtrip Consistency"). BM25 searches, which knows other things than the encoder does: of what the encoder itself
/// finds it has nothing left to learn.
/// </summary>
internal static class RoundTrip
{
    // Queries searched for at once: bounds the results that are held.
    private const int QueriesPerPart = 4096;

    /// <summary>Says of each pair whether its passage is among the first <paramref name="top"/> results of its query.</summary>
    /// <param name="pairs">Queries, and passages out of <paramref name="corpus"/>, as <see cref="PairFiles"/> hold them.</param>
    /// <param name="corpus">All passages of the run.</param>
    /// <param name="top">How many results count, at least 1.</param>
    /// <param name="cancellation">Stops between a few thousand searches.</param>
    public static bool[] Finds(IReadOnlyList<QueryPassagePair> pairs, IReadOnlyList<Passage> corpus, int top, CancellationToken cancellation = default)
    {
        Bm25Index index = Bm25Index.Build(corpus, EnglishText.AnalyzerFor(corpus));
        Dictionary<string, int> numbers = [];
        foreach ((int number, Passage passage) in corpus.Index()) numbers.TryAdd(PairFiles.OneField(passage.SearchText), number);
        bool[] finds = new bool[pairs.Count];
        int done = 0;
        foreach (QueryPassagePair[] part in pairs.Chunk(QueriesPerPart))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach ((int i, IReadOnlyList<SearchResult> results) in index.Search([.. part.Select(pair => pair.Query)], top).Index())
            {
                finds[done + i] = numbers.TryGetValue(part[i].Passage, out int own) && results.Any(result => result.Passage == own);
            }

            done += part.Length;
        }

        return finds;
    }
}
