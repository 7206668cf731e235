using GenQ.Data;
using GenQ.Retrieval;

namespace GenQ.Tests.Retrieval;

public sealed class Bm25IndexTests
{
    private static readonly Passage[] Passages =
    [
        new("0", "cat dog"), new("1", "cat cat cat bird"), new("2", "fish"), new("3", "dog", "cat"), new("4", ""),
    ];

    [Fact]
    public void Scores_are_those_of_the_formula()
    {
        IReadOnlyList<SearchResult> results = Bm25Index.Build(Passages, Analyzer.Plain).Search("cat bird", 10);

        // Five passages of 2, 4, 1, 2 and 0 words; "cat" stands in three of them, "bird" in one.
        double catIdf = Math.Log(1 + 2.5 / 3.5), birdIdf = Math.Log(1 + 4.5 / 1.5), mean = 9 / 5.0;
        double Norm(int length) => 0.9 * (1 - 0.4 + 0.4 * length / mean);
        Assert.Equal([1, 0, 3], results.Select(result => result.Passage));
        Assert.Equal(catIdf * 3 / (3 + Norm(4)) + birdIdf / (1 + Norm(4)), results[0].Score, 1e-6);
        Assert.Equal(catIdf / (1 + Norm(2)), results[1].Score, 1e-6);
        Assert.Equal(results[1].Score, results[2].Score);
    }

    [Fact]
    public void A_repeated_word_of_the_query_counts_as_often_as_it_stands_there()
    {
        Bm25Index index = Bm25Index.Build(Passages, Analyzer.Plain);
        Assert.Equal(2 * index.Search("fish", 1)[0].Score, index.Search("Fish fish", 1)[0].Score, 1e-6);
    }

    [Fact]
    public void Only_passages_that_share_a_word_are_found_and_of_equals_the_lower_ones()
    {
        Passage[] same = [.. Enumerable.Range(0, 20).Select(i => new Passage($"{i}", i % 2 == 0 ? "even" : "odd"))];
        Bm25Index index = Bm25Index.Build(same, Analyzer.Plain);

        Assert.Equal([1, 3, 5], index.Search("odd", 3).Select(result => result.Passage));
        Assert.Equal(10, index.Search("odd", 100).Count);
        Assert.Empty(index.Search("neither", 3));
        Assert.Empty(Bm25Index.Build([], Analyzer.Plain).Search("odd", 3));
    }

    [Fact]
    public void Many_queries_give_what_single_ones_give()
    {
        Bm25Index index = Bm25Index.Build(Passages, Analyzer.English);
        string[] queries = ["cats", "", "dogs and birds"];
        Assert.Equal(queries.Select(query => index.Search(query, 2)), index.Search(queries, 2));
    }

    [Fact]
    public void A_saved_index_answers_as_before()
    {
        using TemporaryFolder folder = new();
        Bm25Index index = Bm25Index.Build(Passages, Analyzer.English);
        index.Save(folder["bm25"]);

        Bm25Index loaded = Bm25Index.Load(folder["bm25"]);

        Assert.Equal(5, loaded.Count);
        Assert.Equal(index.Search("the cats and the birds", 10), loaded.Search("the cats and the birds", 10));
    }

    [Fact]
    public void A_file_that_is_no_index_is_refused_wherever_it_is_broken()
    {
        using TemporaryFolder folder = new();
        Bm25Index.Build(Passages, Analyzer.English).Save(folder["bm25"]);
        byte[] whole = File.ReadAllBytes(folder["bm25"]);

        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder["cut"], whole[..length]);
            Assert.Contains("genq index", Assert.Throws<GenQException>(() => Bm25Index.Load(folder["cut"])).Message, StringComparison.Ordinal);
        }

        whole[8] = 99;
        File.WriteAllBytes(folder["version"], whole);
        Assert.Contains("its version is 99", Assert.Throws<GenQException>(() => Bm25Index.Load(folder["version"])).Message, StringComparison.Ordinal);
        Assert.Throws<GenQException>(() => Bm25Index.Load(folder["missing"]));
    }

    [Theory]
    [InlineData("squad-dev", 0.856)]
    [InlineData("selqa", 0.928)]
    [InlineData("wikiqa", 0.894)]
    [InlineData("cranfield", 0.346)]
    [InlineData("medline", 0.659)]
    [InlineData("covidqa", 0.668)]
    [InlineData("perl-docs", 0.326)]
    [InlineData("python-docs", 0.272)]
    public void Plain_terms_reach_the_known_figures(string set, double ndcg)
    {
        RetrievalTask task = BeirFolder.Read(Shared.Company("data", "retrieval", set));
        Bm25Index index = Bm25Index.Build(task.Corpus, Analyzer.Plain);

        RetrievalMetrics metrics = RetrievalEvaluator.Evaluate(
            task, index.Search([.. task.Queries.Select(query => query.Text)], RetrievalEvaluator.Depth));

        Assert.Equal(ndcg, metrics.Ndcg10, 0.003);
    }
}
