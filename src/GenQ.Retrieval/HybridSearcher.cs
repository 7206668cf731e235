namespace GenQ.Retrieval;

/// <summary>
/// Searches by words and by meaning and adds the z-scores of both, by how many deviations a passage lies above the mean of all: a
/// convex combination, as in Bruch, Gai and Ingber 2023, "An Analysis of Fusion Functions for Hybrid Retrieval", which keeps how far
/// apart two passages are, where a fusion of ranks forgets it. The search that sets its best apart from the rest counts more, but words
/// never more than meaning.
/// </summary>
/// <param name="words">The passages' BM25 index.</param>
/// <param name="vectors">The embeddings of the same passages in the same order.</param>
/// <param name="wordsWeight">
/// What BM25's z-score counts for beside the cosine's 1, or less where BM25's best would outweigh the cosine's best. <see cref="FindWordsWeight"/>
/// finds it for a corpus.
/// </param>
public sealed class HybridSearcher(Bm25Index words, PassageIndex vectors, float wordsWeight = HybridSearcher.DefaultWordsWeight)
{
    /// <summary>What words count for where nothing is known of a corpus: docs/experiments/hybrid-search.md has the figures of others.</summary>
    public const float DefaultWordsWeight = 0.3f;

    // Words always count for something, and meaning for twice as much at least.
    private const float LeastWordsWeight = 0.1f, MostWordsWeight = 0.5f;

    // Both searches have so much in common where words mislead; what is beyond counts so many times: docs/experiments/hybrid-search.md has the figures.
    private const float CommonAnyway = 0.25f, PerShare = 2.5f;

    // Fewer queries say too little.
    private const int FewestQueries = 50;

    // So many of the best are compared.
    private const int Compared = 10;

    // The best passages of either search are scored by both; what is further down in both does not win by their sum.
    internal const int Depth = 100;

    /// <summary>
    /// Finds how much words should count in a corpus, without labels: 2.5 times what lies beyond a quarter in the share of the ten best by words that are
    /// among the ten best by meaning, in the mean of queries that are asked of it. Where the words of a query lead elsewhere than its meaning, as in
    /// manuals that are asked in other words, they count less.
    /// </summary>
    /// <param name="words">The passages' BM25 index.</param>
    /// <param name="vectors">The embeddings of the same passages in the same order.</param>
    /// <param name="queries">Queries as they may be asked; below 50 the weight is <see cref="DefaultWordsWeight"/>.</param>
    /// <param name="embeddings">Their embeddings; need not be normalised.</param>
    /// <returns>In [0.1, 0.5].</returns>
    public static float FindWordsWeight(Bm25Index words, PassageIndex vectors, IReadOnlyList<string> queries, IReadOnlyList<ReadOnlyMemory<float>> embeddings)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(queries);
        if (queries.Count < FewestQueries) return DefaultWordsWeight;
        double agreement = words.Search(queries, Compared).Zip(vectors.Search(embeddings, Compared), InCommon).Average();
        return Math.Clamp(PerShare * ((float)agreement - CommonAnyway), LeastWordsWeight, MostWordsWeight);

        static double InCommon(Ranking byWords, Ranking byMeaning)
            => (double)byWords.Select(result => result.Passage).Intersect(byMeaning.Select(result => result.Passage)).Count() / Compared;
    }

    /// <summary>
    /// Finds the passages that words and meaning together find best; of equal scores the lower passage comes first. A score is a share
    /// of what a passage has that is first in both (or in the one that finds anything): 1 is such a passage, 0 one that is as good as the
    /// mean of all. Where neither tells passages apart, it is the cosine.
    /// </summary>
    /// <param name="query">The query's text, for BM25.</param>
    /// <param name="embedding">The query's embedding, for the vector index; need not be normalised.</param>
    /// <param name="top">How many results at most.</param>
    public IReadOnlyList<SearchResult> Search(string query, ReadOnlySpan<float> embedding, int top) =>
        Search([query], [embedding.ToArray()], top)[0];

    /// <summary>Searches for many queries together, which is faster than one by one and gives the same results.</summary>
    /// <param name="queries">The queries' texts, for BM25.</param>
    /// <param name="embeddings">Their embeddings, for the vector index; need not be normalised.</param>
    /// <param name="top">How many results at most for each.</param>
    /// <returns>The results in the order of the queries.</returns>
    public IReadOnlyList<IReadOnlyList<SearchResult>> Search(
        IReadOnlyList<string> queries, IReadOnlyList<ReadOnlyMemory<float>> embeddings, int top)
    {
        int depth = Math.Max(top, Depth);
        return Fuse(queries, embeddings, words.Search(queries, depth), vectors.Search(embeddings, depth), top);
    }

    /// <summary>The same where both searches have been made already.</summary>
    /// <param name="queries">The queries' texts.</param>
    /// <param name="embeddings">Their embeddings; need not be normalised.</param>
    /// <param name="byWords">What BM25 found for each query, best first.</param>
    /// <param name="byMeaning">What the vector index found for each query, best first.</param>
    /// <param name="top">How many results at most for each.</param>
    /// <returns>The results in the order of the queries.</returns>
    public IReadOnlyList<IReadOnlyList<SearchResult>> Fuse(
        IReadOnlyList<string> queries,
        IReadOnlyList<ReadOnlyMemory<float>> embeddings,
        IReadOnlyList<Ranking> byWords,
        IReadOnlyList<Ranking> byMeaning,
        int top)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(byWords);
        ArgumentNullException.ThrowIfNull(byMeaning);
        ArgumentOutOfRangeException.ThrowIfNotEqual(embeddings.Count, queries.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(byWords.Count, queries.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(byMeaning.Count, queries.Count);
        IReadOnlyList<SearchResult>[] results = new IReadOnlyList<SearchResult>[queries.Count];
        Parallel.For(0, queries.Count, i => results[i] = Fuse(queries[i], embeddings[i].Span, byWords[i], byMeaning[i], top));
        return results;
    }

    private SearchResult[] Fuse(string query, ReadOnlySpan<float> embedding, Ranking byWords, Ranking byMeaning, int top)
    {
        int[] candidates = [.. byWords.Concat(byMeaning).Select(result => result.Passage).Distinct()];
        float[] wordScores = words.Scores(query, candidates), cosines = vectors.Scores(embedding, candidates);
        float meaning = byMeaning.StandardScore(Best(byMeaning)), word = byWords.StandardScore(Best(byWords));

        // The fewer of many passages have a word, the further they stand out: in a large corpus one rare word would outweigh all meaning.
        float weight = meaning > 0 && wordsWeight * word > meaning ? meaning / word : wordsWeight;
        float first = meaning + weight * word;
        TopResults best = new(Math.Min(top, candidates.Length));
        for (int i = 0; i < candidates.Length; i++)
        {
            float sum = byMeaning.StandardScore(cosines[i]) + weight * byWords.StandardScore(wordScores[i]);
            best.Add(new SearchResult(candidates[i], first > 0 ? sum / first : cosines[i]));
        }

        return best.ToArray();
    }

    // Without results all passages score the same.
    private static float Best(Ranking ranking) => ranking is [var first, ..] ? first.Score : ranking.Mean;
}
