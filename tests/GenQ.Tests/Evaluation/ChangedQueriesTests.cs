using GenQ.Evaluation;
using GenQ.Retrieval;

namespace GenQ.Tests.Evaluation;

public sealed class ChangedQueriesTests
{
    private static readonly Dictionary<string, string> Texts = Enumerable.Range(0, 6).ToDictionary(i => $"{i}", i => $"query {i}");

    [Fact]
    public void A_query_changes_sides_where_one_run_has_its_passage_in_the_first_ten_and_another_has_not()
    {
        ModelComparison table = new("set", [Row("hybrid(a)", 1, 10, 11, null, 3, 2), Row("hybrid(b)", 2, 11, 10, null, 90, null)]);
        ChangedQueries[] changed = [.. ChangedQueries.Of(table, ["a", "b"], Texts)];
        Assert.Equal([("a", "b", 3), ("b", "a", 1)], changed.Select(pair => (pair.Finds, pair.Misses, pair.Count)));
        Assert.Equal([("query 5", 2, null), ("query 4", 3, 90), ("query 1", 10, 11)], changed[0].Examples);
        Assert.Equal([("query 2", 10, 11)], changed[1].Examples);
    }

    [Fact]
    public void A_setting_differs_where_not_all_runs_have_the_same_value()
    {
        DifferingSetting[] differing = [.. DifferingSetting.Of([new GenQSettings { Seed = 1 }, new GenQSettings { Seed = 2, Corpus = CorpusSource.Documents("b", "c") }])];
        Assert.Equal(["documents", "seed"], differing.Select(setting => setting.Name));
        Assert.Equal([["", "b c"], ["1", "2"]], differing.Select(setting => setting.Values));
    }

    private static (string, RetrievalMetrics) Row(string model, params int?[] ranks)
        => (model, new RetrievalMetrics([.. ranks.Select((rank, i) => new QueryMetrics($"{i}", 0, 0, 0, 0, rank, []))]));
}
