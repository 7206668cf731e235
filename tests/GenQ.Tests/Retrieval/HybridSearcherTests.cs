using GenQ.Data;
using GenQ.Retrieval;

namespace GenQ.Tests.Retrieval;

public sealed class HybridSearcherTests
{
    [Fact]
    public void A_score_adds_how_many_deviations_cosine_and_BM25_lie_above_their_means_and_1_is_first_in_both()
    {
        using TemporaryFolder folder = new();
        Passage[] passages = [new("0", "cat cat"), new("1", "dog"), new("2", "cat and a bird")];
        using PassageIndex vectors = Vectors(folder, [0.6f, 0.8f], [0, 1], [0.8f, 0.6f]);
        Bm25Index words = Bm25Index.Build(passages, Analyzer.English);
        double[] meaning = [0.392232, -1.372813, 0.980581], word = Standard(words.Scores("cats", [0, 1, 2]));

        // A query's length does not count.
        IReadOnlyList<SearchResult> results = new HybridSearcher(words, vectors).Search("cats", [5, 0], 3);

        Assert.Equal([2, 0, 1], results.Select(result => result.Passage));
        double whole = meaning[2] + 0.3 * word[0];
        Assert.All(results, result => Assert.Equal((meaning[result.Passage] + 0.3 * word[result.Passage]) / whole, result.Score, 1e-5));
        Assert.Equal(1, new HybridSearcher(words, vectors).Search("cats", [3, 4], 1)[0].Score, 1e-6);
    }

    // 40 passages, each with a word of its own and a direction of its own; the ten best by meaning are the nearest directions, the ten best by words
    // are those that are named.
    [Theory]
    [InlineData(10, 0.5f)]
    [InlineData(4, 0.375f)]
    [InlineData(3, 0.125f)]
    [InlineData(0, 0.1f)]
    public void Words_count_by_what_both_searches_agree_on_beyond_a_quarter_but_a_tenth_at_least_and_a_half_at_most(int inCommon, float weight)
    {
        using TemporaryFolder folder = new();
        Bm25Index words = Bm25Index.Build([.. Enumerable.Range(0, 40).Select(i => new Passage($"{i}", $"word{i}"))], Analyzer.Plain);
        using PassageIndex vectors = Vectors(folder, [.. Enumerable.Range(0, 40).Select(i => (float[])[MathF.Cos(i / 40f), MathF.Sin(i / 40f)])]);
        string named = string.Join(' ', Enumerable.Range(10 - inCommon, 10).Select(i => $"word{i}"));
        float Weigh(int queries) => HybridSearcher.FindWordsWeight(
            words, vectors, [.. Enumerable.Repeat(named, queries)], [.. Enumerable.Repeat((ReadOnlyMemory<float>)new float[] { 1, 0 }, queries)]);
        Assert.Equal(weight, Weigh(50), 1e-6f);
        Assert.Equal(HybridSearcher.DefaultWordsWeight, Weigh(49));
    }

    [Fact]
    public void A_word_that_counts_less_leaves_the_nearest_meaning_first()
    {
        using TemporaryFolder folder = new();
        Passage[] passages = [new("0", "cat"), new("1", "dog"), new("2", "bird")];
        Bm25Index words = Bm25Index.Build(passages, Analyzer.English);
        using PassageIndex vectors = Vectors(folder, [0.9f, 0.3f], [1, 0], [0, 1]);
        Assert.Equal(0, new HybridSearcher(words, vectors, 0.5f).Search("cat", [1, 0], 1)[0].Passage);
        Assert.Equal(1, new HybridSearcher(words, vectors, 0.001f).Search("cat", [1, 0], 1)[0].Passage);
    }

    [Fact]
    public void The_search_that_sets_its_best_apart_from_the_rest_counts_more()
    {
        using TemporaryFolder folder = new();
        Bm25Index words = WithOneCat(50, of: 100);
        using PassageIndex alike = EvenlySpread(folder, 100);
        Assert.Equal(50, new HybridSearcher(words, alike).Search("cat", [1, 0], 1)[0].Passage);
        using PassageIndex oneApart = Vectors(folder, [.. Enumerable.Range(0, 100).Select(i => (float[])[i == 7 ? 100 : 0, 10])]);
        Assert.Equal(7, new HybridSearcher(words, oneApart).Search("cat", [1, 0], 1)[0].Passage);
    }

    [Fact]
    public void One_rare_word_among_many_passages_counts_no_more_than_the_nearest_meaning()
    {
        using TemporaryFolder folder = new();
        using PassageIndex vectors = EvenlySpread(folder, 1000);
        Assert.Equal(999, new HybridSearcher(WithOneCat(0, of: 1000), vectors).Search("cat", [1, 0], 1)[0].Passage);
    }

    [Fact]
    public void Of_equal_scores_the_lower_passage_comes_first_and_no_more_than_asked_for()
    {
        using TemporaryFolder folder = new();
        Passage[] passages = [new("0", "dog"), new("1", "cat"), new("2", "cat")];
        using PassageIndex vectors = Vectors(folder, [0, 1], [1, 0], [1, 0]);

        Assert.Equal([1, 2], new HybridSearcher(Bm25Index.Build(passages, Analyzer.English), vectors).Search("cat", [1, 0], 2).Select(result => result.Passage));
    }

    [Fact]
    public void A_query_without_a_known_word_goes_by_meaning_alone()
    {
        using TemporaryFolder folder = new();
        using PassageIndex vectors = Vectors(folder, [0.6f, 0.8f], [0.8f, 0.6f]);

        IReadOnlyList<SearchResult> results = new HybridSearcher(Bm25Index.Build([new("0", "cat"), new("1", "dog")], Analyzer.English), vectors).Search("fish", [1, 0], 2);

        Assert.Equal([1, 0], results.Select(result => result.Passage));
        Assert.Equal(1, results[0].Score, 1e-6);
    }

    [Fact]
    public void Where_every_cosine_is_negative_the_nearest_still_comes_first()
    {
        using TemporaryFolder folder = new();
        using PassageIndex vectors = Vectors(folder, [-1, 0], [-0.6f, 0.8f]);

        Assert.Equal([1, 0], new HybridSearcher(Bm25Index.Build([new("0", "cat"), new("1", "dog")], Analyzer.English), vectors).Search("fish", [1, 0], 2).Select(result => result.Passage));
    }

    [Fact]
    public void A_passage_that_only_one_search_finds_is_found()
    {
        using TemporaryFolder folder = new();
        Passage[] passages = [new("0", "cat"), new("1", "dog"), new("2", "feline")];
        using PassageIndex vectors = Vectors(folder, [1, 0], [0, 1], [0.9f, 0.1f]);
        HybridSearcher searcher = new(Bm25Index.Build(passages, Analyzer.English), vectors);

        Assert.Equal([0, 2, 1], searcher.Search("cats", [1, 0], 3).Select(result => result.Passage));
    }

    [Fact]
    public void Where_neither_search_tells_passages_apart_the_score_is_the_cosine()
    {
        using TemporaryFolder folder = new();
        using PassageIndex vectors = Vectors(folder, [0.6f, 0.8f]);
        Assert.Equal(0.6, Assert.Single(new HybridSearcher(Bm25Index.Build([new("0", "cat")], Analyzer.English), vectors).Search("cat", [1, 0], 2)).Score, 1e-6);
    }

    private static Bm25Index WithOneCat(int passage, int of)
        => Bm25Index.Build(Enumerable.Range(0, of).Select(i => new Passage($"{i}", i == passage ? "cat" : "dog")), Analyzer.English);

    // The last passage is the one most like [1, 0].
    private static PassageIndex EvenlySpread(TemporaryFolder folder, int count)
        => Vectors(folder, [.. Enumerable.Range(0, count).Select(i => (float[])[i, count])]);

    private static double[] Standard(float[] scores)
    {
        double mean = scores.Average(), deviation = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)));
        return [.. scores.Select(score => (score - mean) / deviation)];
    }

    private static PassageIndex Vectors(TemporaryFolder folder, params float[][] rows)
    {
        string file = folder[Guid.NewGuid().ToString()];
        PassageIndex.Write(file, "test", 2, rows.Select(row => (ReadOnlyMemory<float>)row));
        return PassageIndex.Open(file);
    }
}
