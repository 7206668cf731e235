namespace GenQ.Evaluation;

/// <summary>How a query was answered by one row of a comparison.</summary>
/// <param name="Ndcg10">Its nDCG@10.</param>
/// <param name="Rank">The rank of the first relevant passage, from 1; <see langword="null"/> where none is among the first 100.</param>
/// <param name="Top">The ids of the first five passages, the best first.</param>
internal sealed record QueryResult(double Ndcg10, int? Rank, IReadOnlyList<string> Top);
