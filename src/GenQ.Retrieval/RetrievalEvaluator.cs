using GenQ.Data;

namespace GenQ.Retrieval;

/// <summary>Measures rankings against a task's judgements as BEIR does (beir/retrieval/evaluation.py and trec_eval).</summary>
public static class RetrievalEvaluator
{
    /// <summary>
    /// How many results a ranking should have: 100 for the recall, and one more because a passage with the query's own id
    /// is ignored.
    /// </summary>
    public const int Depth = DeepestRank + 1;

    private const int DeepestRank = 100, ShownResults = 5;

    /// <summary>
    /// Evaluates one ranking per query. Queries without a relevant passage are dropped. A passage with the query's own id is
    /// ignored (in some sets queries are passages). Equal scores are ordered by passage id, descending, as trec_eval does.
    /// </summary>
    /// <param name="task">The queries, the corpus and the judgements.</param>
    /// <param name="rankings">For each query of the task, in its order, the best <see cref="Depth"/> results.</param>
    /// <exception cref="GenQException">No query has a relevant passage.</exception>
    public static RetrievalMetrics Evaluate(RetrievalTask task, IReadOnlyList<IReadOnlyList<SearchResult>> rankings)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(rankings);
        ArgumentOutOfRangeException.ThrowIfNotEqual(rankings.Count, task.Queries.Count);
        List<QueryMetrics> queries = [];
        foreach ((RetrievalQuery query, IReadOnlyList<SearchResult> ranking) in task.Queries.Zip(rankings))
        {
            if (!task.Relevant.TryGetValue(query.Id, out IReadOnlyDictionary<string, int>? grades)) continue;
            HashSet<string> relevant = [.. grades.Where(passage => passage.Value > 0).Select(passage => passage.Key)];
            if (relevant.Count == 0) continue;
            List<string> ranked = [.. ranking
                .Select(result => (task.Corpus[result.Passage].Id, result.Score))
                .Where(result => result.Id != query.Id)
                .OrderByDescending(result => result.Score)
                .ThenByDescending(result => result.Id, StringComparer.Ordinal)
                .Select(result => result.Id)];
            int first = ranked.FindIndex(relevant.Contains);
            queries.Add(new QueryMetrics(
                query.Id,
                RankingMetrics.GradedNdcg(ranked, grades, 10),
                RankingMetrics.ReciprocalRank(ranked, relevant, 10),
                RankingMetrics.Recall(ranked, relevant, 10),
                RankingMetrics.Recall(ranked, relevant, DeepestRank),
                first is >= 0 and < DeepestRank ? first + 1 : null,
                [.. ranked.Take(ShownResults)]));
        }

        return queries.Count > 0
            ? new RetrievalMetrics(queries)
            : throw new GenQException($"No query of '{task.Name}' has a relevant passage: there is nothing to measure.");
    }
}
