namespace GenQ.Retrieval;

/// <summary>
/// Searches by words and by meaning and fuses both rankings by reciprocal rank (Cormack, Clarke and Büttcher 2009): scores of
/// BM25 and cosines do not compare, ranks do.
/// </summary>
/// <param name="words">The passages' BM25 index.</param>
/// <param name="vectors">The embeddings of the same passages in the same order.</param>
public sealed class HybridSearcher(Bm25Index words, PassageIndex vectors)
{
    /// <summary>The constant of the paper: it keeps the first ranks from deciding alone.</summary>
    public const int RankConstant = 60;

    // A passage far down in one ranking can still win by the other; below this depth its 1 / (60 + rank) no longer matters.
    private const int Depth = 100;

    /// <summary>Finds the passages that stand highest in both rankings.</summary>
    /// <param name="query">The query's text, for BM25.</param>
    /// <param name="embedding">The query's embedding, for the vector index.</param>
    /// <param name="top">How many results at most.</param>
    public IReadOnlyList<SearchResult> Search(string query, ReadOnlySpan<float> embedding, int top)
    {
        int depth = Math.Max(top, Depth);
        return Fuse(words.Search(query, depth), vectors.Search(embedding, depth), top);
    }

    /// <summary>
    /// Fuses two rankings: a passage's score is the sum of 1 / (60 + rank) over the rankings that hold it, ranks from 1. Of
    /// equal scores the lower passage comes first.
    /// </summary>
    public static IReadOnlyList<SearchResult> Fuse(IReadOnlyList<SearchResult> first, IReadOnlyList<SearchResult> second, int top)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        Dictionary<int, float> scores = [];
        foreach (IReadOnlyList<SearchResult> ranking in (ReadOnlySpan<IReadOnlyList<SearchResult>>)[first, second])
        {
            for (int i = 0; i < ranking.Count; i++)
            {
                int passage = ranking[i].Passage;
                scores[passage] = scores.GetValueOrDefault(passage) + 1f / (RankConstant + i + 1);
            }
        }

        TopResults best = new(Math.Min(top, scores.Count));
        foreach ((int passage, float score) in scores) best.Add(new SearchResult(passage, score));
        return best.ToArray();
    }
}
