using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;

namespace GenQ.Filtering;

/// <summary>
/// Finds the queries that lead back to the passage that they were written for, when they are asked of the whole corpus: round-trip consistency, Alberti
/// et al. 2019, "Synthetic QA Corpora Generation with Roundtrip Consistency"; for search Dai et al. 2022, "Promptagator". A query that does not is vague,
/// or asks for what other passages say.
/// </summary>
internal static class RoundTrip
{
    // Queries searched together.
    private const int Together = 1024;

    // How far down a passage is looked for.
    private const int Depth = 100;

    /// <summary>Searches with the base and BM25 together.</summary>
    /// <param name="model">The base.</param>
    /// <param name="both">Searches the passages with it and BM25.</param>
    /// <param name="passages">The passages of the run.</param>
    /// <param name="pairs">Queries and the passages that they were written for; one of none of the run's passages counts as the first, since it cannot be told.</param>
    /// <param name="progress">Told of queries searched for.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>For each pair the rank of its passage among the first 100, from 1; <see langword="null"/> where it is not among them.</returns>
    public static int?[] Ranks(
        BiEncoder model, HybridSearcher both, IReadOnlyList<Passage> passages, IReadOnlyList<QueryPassagePair> pairs, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        string[] fields = [.. passages.Select(passage => PairFiles.OneField(passage.SearchText))];
        HashSet<string> known = [.. fields];
        int?[] ranks = new int?[pairs.Count];
        int done = 0;
        foreach (QueryPassagePair[] part in pairs.Chunk(Together))
        {
            string[] asked = [.. part.Select(pair => pair.Query)];
            ReadOnlyMemory<float>[] embeddings = [.. model.EncodeQueries(asked, cancellation: cancellation).Select(query => (ReadOnlyMemory<float>)query)];
            foreach ((QueryPassagePair pair, IReadOnlyList<SearchResult> best) in part.Zip(both.Search(asked, embeddings, Depth)))
            {
                int place = known.Contains(pair.Passage) ? best.ToList().FindIndex(result => fields[result.Passage] == pair.Passage) : 0;
                ranks[done++] = place < 0 ? null : place + 1;
            }

            progress?.Report(new StageProgress("finding the queries' passages", done, pairs.Count, ""));
        }

        return ranks;
    }
}
