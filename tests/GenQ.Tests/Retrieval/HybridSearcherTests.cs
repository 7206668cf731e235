using GenQ.Data;
using GenQ.Retrieval;

namespace GenQ.Tests.Retrieval;

public sealed class HybridSearcherTests
{
    [Fact]
    public void A_score_is_the_sum_of_the_reciprocal_ranks()
    {
        IReadOnlyList<SearchResult> fused = HybridSearcher.Fuse([new(7, 30), new(3, 20)], [new(5, 0.9f), new(7, 0.8f), new(3, 0.7f)], 10);

        Assert.Equal([7, 3, 5], fused.Select(result => result.Passage));
        Assert.Equal(1 / 61.0 + 1 / 62.0, fused[0].Score, 1e-7);
        Assert.Equal(1 / 62.0 + 1 / 63.0, fused[1].Score, 1e-7);
        Assert.Equal(1 / 61.0, fused[2].Score, 1e-7);
    }

    [Fact]
    public void Of_equal_scores_the_lower_passage_comes_first_and_no_more_than_asked_for()
    {
        Assert.Equal([2, 9], HybridSearcher.Fuse([new(9, 5), new(4, 1)], [new(2, 1)], 2).Select(result => result.Passage));
        Assert.Empty(HybridSearcher.Fuse([], [], 3));
    }

    [Fact]
    public void A_passage_that_only_one_search_finds_is_found()
    {
        using TemporaryFolder folder = new();
        Passage[] passages = [new("0", "cat"), new("1", "dog"), new("2", "feline")];
        PassageIndex.Write(folder["index"], "test", 2, [new float[] { 1, 0 }, new float[] { 0, 1 }, new float[] { 0.9f, 0.1f }]);
        using PassageIndex vectors = PassageIndex.Open(folder["index"]);
        HybridSearcher searcher = new(Bm25Index.Build(passages, Analyzer.English), vectors);

        Assert.Equal([0, 2, 1], searcher.Search("cats", [1, 0], 3).Select(result => result.Passage));
    }
}
