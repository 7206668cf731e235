namespace GenQ.Retrieval;

/// <summary>How well one query was answered. Each measure is between 0 and 1.</summary>
/// <param name="Query">The query's id.</param>
/// <param name="Ndcg10">Graded nDCG of the first 10.</param>
/// <param name="Mrr10">One over the rank of the first relevant passage among the first 10, or 0.</param>
/// <param name="Recall10">The share of the relevant passages among the first 10.</param>
/// <param name="Recall100">The share of the relevant passages among the first 100.</param>
/// <param name="Rank">The rank of the first relevant passage, from 1; <see langword="null"/> where none is among the first 100.</param>
/// <param name="Top">The ids of the first 5 passages, the best first.</param>
public sealed record QueryMetrics(string Query, double Ndcg10, double Mrr10, double Recall10, double Recall100, int? Rank, IReadOnlyList<string> Top);
