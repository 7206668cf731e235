namespace GenQ.Retrieval;

/// <summary>How well a task's queries were answered: the means over the queries that have a relevant passage.</summary>
/// <param name="Queries">The single queries, in the task's order: what a paired comparison needs.</param>
public sealed record RetrievalMetrics(IReadOnlyList<QueryMetrics> Queries)
{
    /// <summary>Mean graded nDCG@10.</summary>
    public double Ndcg10 => Queries.Average(query => query.Ndcg10);

    /// <summary>Mean reciprocal rank within the first 10.</summary>
    public double Mrr10 => Queries.Average(query => query.Mrr10);

    /// <summary>Mean recall within the first 10.</summary>
    public double Recall10 => Queries.Average(query => query.Recall10);

    /// <summary>Mean recall within the first 100.</summary>
    public double Recall100 => Queries.Average(query => query.Recall100);
}
