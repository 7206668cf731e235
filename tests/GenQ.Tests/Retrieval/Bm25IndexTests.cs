using GenQ.Data;
using GenQ.Retrieval;
using GenQ.Text;

namespace GenQ.Tests.Retrieval;

public sealed class Bm25IndexTests
{
    private static readonly Passage[] Passages =
    [
        new("0", "cat dog"), new("1", "cat cat cat bird"), new("2", "fish"), new("3", "dog", "cat"), new("4", ""),
    ];

    [Fact]
    public void Queries_of_a_passage_count_as_its_words()
    {
        Passage[] passages = [new("0", "cat"), new("1", "cat"), new("2", "bird")];
        ILookup<int, string> queries = new[] { (Place: 1, Query: "small tiger"), (Place: 1, Query: "cat") }.ToLookup(query => query.Place, query => query.Query);
        Bm25Index expanded = Bm25Index.Build(passages, Analyzer.Plain, queries);
        Bm25Index written = Bm25Index.Build([new("0", "cat"), new("1", "cat small tiger cat"), new("2", "bird")], Analyzer.Plain);
        Assert.Equal([1], expanded.Search("tiger", 3).Select(result => result.Passage));
        Assert.Equal(written.Scores("cat tiger bird", [0, 1, 2]), expanded.Scores("cat tiger bird", [0, 1, 2]));
    }

    [Fact]
    public void Scores_are_those_of_the_formula()
    {
        Ranking results = Bm25Index.Build(Passages, Analyzer.Plain).Search("cat bird", 10);

        // Five passages of 2, 4, 1, 2 and 0 words; "cat" stands in three of them, "bird" in one.
        double catIdf = Math.Log(1 + 2.5 / 3.5), birdIdf = Math.Log(1 + 4.5 / 1.5), mean = 9 / 5.0;
        double Norm(int length) => 0.9 * (1 - 0.4 + 0.4 * length / mean);
        Assert.Equal([1, 0, 3], results.Select(result => result.Passage));
        Assert.Equal(catIdf * 3 / (3 + Norm(4)) + birdIdf / (1 + Norm(4)), results[0].Score, 1e-6);
        Assert.Equal(catIdf / (1 + Norm(2)), results[1].Score, 1e-6);
        Assert.Equal(results[1].Score, results[2].Score);
    }

    // "cat" stands in both passages, "dog" and the pair in the first; runs of letters: "^cat$", "^dog$".
    [Fact]
    public void Words_pairs_and_runs_of_letters_are_scored_each_by_its_own_lengths_and_added()
    {
        Bm25Index index = Bm25Index.Build([new("0", "the cat dog"), new("1", "cats")], Analyzer.EnglishNGrams);
        double catIdf = Math.Log(1 + 0.5 / 2.5), onceIdf = Math.Log(1 + 1.5 / 1.5);
        double Norm(double length, double mean) => 0.9 * (1 - 0.4 + 0.4 * length / mean);
        double words = (catIdf + onceIdf) / (1 + Norm(2, 1.5)), pair = onceIdf / (1 + Norm(1, 0.5)), runs = 2 * onceIdf / (1 + Norm(2, 2));
        Assert.Equal(words + 0.3 * pair + 0.1 * runs, index.Search("cat dog", 1)[0].Score, 1e-5);
    }

    [Fact]
    public void A_part_of_a_name_and_a_word_with_a_mistake_in_it_are_found_by_their_letters()
    {
        Bm25Index index = Bm25Index.Build([new("0", "tools and pipes"), new("1", "JsonSerializerOptions"), new("2", "pressure")], Analyzer.EnglishNGrams);
        Assert.Equal(1, index.Search("serializer", 1)[0].Passage);
        Assert.Equal(2, index.Search("what is the pressurre", 1)[0].Passage);
        Assert.Empty(index.Search("what is the", 1));
    }

    [Fact]
    public void Scores_of_chosen_passages_are_those_of_a_search()
    {
        Bm25Index index = Bm25Index.Build(Passages, Analyzer.Plain);
        Dictionary<int, float> found = index.Search("cat bird cat", 10).ToDictionary(result => result.Passage, result => result.Score);
        Assert.Equal([found[3], 0, found[1], found[3]], index.Scores("cat bird cat", [3, 2, 1, 3]));
        Assert.Equal([0f], index.Scores("neither", [0]));
    }

    [Fact]
    public void The_spread_of_all_scores_counts_the_passages_that_are_not_found()
    {
        Bm25Index index = Bm25Index.Build(Passages, Analyzer.Plain);
        Ranking ranking = index.Search("fish", 10);
        Assert.Equal(ranking[0].Score / 5, ranking.Mean, 1e-6);
        Assert.Equal(ranking[0].Score * Math.Sqrt(4) / 5, ranking.Deviation, 1e-6);
        Assert.Equal(2, ranking.StandardScore(ranking[0].Score), 1e-5);
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
        Bm25Index index = Bm25Index.Build(Passages, Analyzer.EnglishNGrams);
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
            Assert.Contains("Build it again", Error(folder["cut"]), StringComparison.Ordinal);
        }

        whole[8] = 99;
        File.WriteAllBytes(folder["version"], whole);
        Assert.Contains("its version is 99", Error(folder["version"]), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Error(folder["missing"]), StringComparison.Ordinal);

        static string Error(string path) => Assert.Throws<GenQException>(() => Bm25Index.Load(path)).Message;
    }

    [Fact]
    public void A_byte_that_has_changed_anywhere_is_noticed()
    {
        using TemporaryFolder folder = new();
        Bm25Index index = Bm25Index.Build(Passages, Analyzer.English);
        index.Save(folder["bm25"]);
        byte[] whole = File.ReadAllBytes(folder["bm25"]);
        for (int place = 0; place < whole.Length; place++)
        {
            whole[place] ^= 4;
            File.WriteAllBytes(folder["damaged"], whole);
            whole[place] ^= 4;
            Assert.Throws<GenQException>(() => Bm25Index.Load(folder["damaged"]));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_file_of_an_earlier_version_which_holds_the_terms_as_texts_is_read(int version)
    {
        using TemporaryFolder folder = new();
        WriteEarlier(folder["former"], version);
        Bm25Index index = Bm25Index.Load(folder["former"]);
        Assert.Equal([0.5f, 1], index.Scores("the cat and the bird", [0, 1]));
        index.Save(folder["now"]);
        Assert.Equal([0.5f, 1], Bm25Index.Load(folder["now"]).Scores("the cat and the bird", [0, 1]));
    }

    // Without a checksum: each byte may be any other one.
    [Fact]
    public void A_damaged_file_of_the_first_version_is_refused_or_searched_but_never_beyond_its_passages()
    {
        using TemporaryFolder folder = new();
        WriteEarlier(folder["bm25"], 1);
        byte[] whole = File.ReadAllBytes(folder["bm25"]);
        foreach (byte value in (byte[])[0, 1, 4, 0x7F, 0x80, 0xFF])
        {
            for (int place = 12; place < whole.Length; place++)
            {
                byte[] damaged = [.. whole];
                damaged[place] = value;
                File.WriteAllBytes(folder["damaged"], damaged);
                try
                {
                    Bm25Index index = Bm25Index.Load(folder["damaged"]);
                    if (index.Count < 1 << 16) Assert.All(index.Search("the cats and the birds", 10), result => Assert.InRange(result.Passage, 0, index.Count - 1));
                }
                catch (GenQException e)
                {
                    Assert.Contains("Build it again", e.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    // A second implementation of the formula gives the plain figures within 0.0005; the English terms of these sets are all Lucene's.
    [Theory]
    [InlineData("selqa", 0.9163, 0.9279, 0.9470)]
    [InlineData("wikiqa", 0.8748, 0.8838, 0.9156)]
    [InlineData("cranfield", 0.3330, 0.3564, 0.3763)]
    [InlineData("medline", 0.6484, 0.6672, 0.7098)]
    [InlineData("perl-docs", 0.3358, 0.3256, 0.4267)]
    [InlineData("python-docs", 0.2699, 0.2720, 0.3417)]
    public void Labelled_sets_give_the_measured_figures(string set, double plain, double english, double nGrams)
    {
        RetrievalTask task = BeirFolder.Read(Shared.Company("data", "retrieval", set));
        Assert.Equal(plain, Ndcg(Analyzer.Plain), 0.001);
        Assert.Equal(english, Ndcg(Analyzer.English), 0.001);
        Assert.Equal(nGrams, Ndcg(Analyzer.EnglishNGrams), 0.001);

        double Ndcg(Analyzer analyzer) => RetrievalEvaluator.Evaluate(
            task,
            Bm25Index.Build(task.Corpus, analyzer).Search([.. task.Queries.Select(query => query.Text)], RetrievalEvaluator.Depth)).Ndcg10;
    }

    [Fact]
    public void An_index_of_no_passages_has_none_that_a_word_stands_in()
    {
        using TemporaryFolder folder = new();
        WriteEarlier(folder["x.bm25"], 1);
        byte[] bytes = File.ReadAllBytes(folder["x.bm25"]);

        // The number of passages, behind magic, version and the analyzer's name.
        bytes[20] = 0;
        File.WriteAllBytes(folder["x.bm25"], bytes);
        Assert.Contains("its parts do not fit together", Assert.Throws<GenQException>(() => Bm25Index.Load(folder["x.bm25"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(int.MaxValue, 0)]
    [InlineData(0, int.MaxValue)]
    [InlineData(-1, 5)]
    public void Numbers_that_no_file_of_its_length_can_hold_are_refused(int terms, int postings)
    {
        using TemporaryFolder folder = new();
        using (BinaryWriter writer = new(File.Create(folder["x.bm25"])))
        {
            writer.Write("GENQBM25"u8);
            writer.Write(1);
            writer.Write("plain");
            writer.Write(3);
            writer.Write(terms);
            writer.Write(postings);
        }

        Assert.Contains("it is shorter than it says", Assert.Throws<GenQException>(() => Bm25Index.Load(folder["x.bm25"])).Message, StringComparison.Ordinal);
    }

    // "cat" in both of two passages, "bird" in the second.
    private static void WriteEarlier(string file, int version)
    {
        using FileStream stream = File.Create(file);
        using BinaryWriter writer = new(stream);
        writer.Write("GENQBM25"u8);
        writer.Write(version);
        writer.Write("english");
        foreach (int number in (int[])[2, 2, 3]) writer.Write(number);
        foreach (string term in (string[])["cat", "bird"]) writer.Write(term);
        foreach (int number in (int[])[0, 2, 3, 0, 1, 1]) writer.Write(number);
        foreach (float weight in (float[])[0.5f, 0.25f, 0.75f]) writer.Write(weight);
        writer.Flush();
        if (version > 1) FileSeal.Write(stream);
    }
}
