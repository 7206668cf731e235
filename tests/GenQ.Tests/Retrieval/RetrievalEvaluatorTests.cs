using GenQ.Data;
using GenQ.Retrieval;

namespace GenQ.Tests.Retrieval;

public sealed class RetrievalEvaluatorTests
{
    private static readonly Passage[] Corpus = [new("a", "A"), new("b", "B"), new("c", "C"), new("q2", "D")];

    [Fact]
    public void Each_query_is_measured_and_the_means_are_over_the_queries()
    {
        RetrievalMetrics metrics = Evaluate([[new(1, 2), new(0, 1)], [new(2, 1)]], ("q1", "a", 1), ("q1", "c", 1), ("q3", "c", 2));

        double ndcg = 1 / Math.Log2(3) / (1 + 1 / Math.Log2(3));
        Assert.Equal([("q1", ndcg, 0.5, 0.5, 0.5), ("q3", 1, 1, 1, 1)], metrics.Queries.Select(query => (query.Query, query.Ndcg10, query.Mrr10, query.Recall10, query.Recall100)));
        Assert.Equal(((1 + ndcg) / 2, 0.75, 0.75, 0.75), (metrics.Ndcg10, metrics.Mrr10, metrics.Recall10, metrics.Recall100));
    }

    [Fact]
    public void Each_query_keeps_the_rank_of_its_first_relevant_passage_and_its_top_five()
    {
        RetrievalMetrics metrics = Evaluate([[new(1, 3), new(0, 2), new(2, 1)], [new(2, 1)]], ("q1", "a", 1), ("q1", "c", 1), ("q3", "b", 1));
        Assert.Equal([2, null], metrics.Queries.Select(query => query.Rank));
        Assert.Equal([["b", "a", "c"], ["c"]], metrics.Queries.Select(query => query.Top));
    }

    [Fact]
    public void Queries_without_a_relevant_passage_are_dropped()
    {
        Assert.Equal("q1", Assert.Single(Evaluate([[new(0, 1)], [new(1, 1)]], ("q1", "a", 1), ("q3", "b", 0)).Queries).Query);
        string error = Assert.Throws<GenQException>(() => Evaluate([[]], ("q1", "a", 0))).Message;
        Assert.Contains("nothing to measure", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_passage_with_the_querys_own_id_is_ignored() =>
        Assert.Equal(1, Evaluate([[new(3, 9), new(0, 1)]], ("q2", "a", 1)).Mrr10);

    [Fact]
    public void Equal_scores_are_ordered_by_descending_id() =>
        Assert.Equal(1 / 2.0, Evaluate([[new(1, 1), new(2, 1)]], ("q1", "b", 1)).Mrr10);

    private static RetrievalMetrics Evaluate(SearchResult[][] rankings, params (string Query, string Passage, int Grade)[] judgements)
    {
        RetrievalQuery[] queries = [.. judgements.Select(judgement => judgement.Query).Distinct().Select(id => new RetrievalQuery(id, id))];
        Dictionary<string, IReadOnlyDictionary<string, int>> relevant = judgements.GroupBy(judgement => judgement.Query).ToDictionary(
            query => query.Key, query => (IReadOnlyDictionary<string, int>)query.ToDictionary(j => j.Passage, j => j.Grade));
        return RetrievalEvaluator.Evaluate(new RetrievalTask("tiny", queries, Corpus, relevant), rankings);
    }
}
