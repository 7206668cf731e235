using GenQ.Compute;
using GenQ.Data;
using GenQ.Retrieval;

namespace GenQ.Tests.Retrieval;

public sealed class PassageIndexTests
{
    [Fact]
    public void Passages_are_ranked_by_cosine_whatever_their_length()
    {
        using TemporaryFolder folder = new();
        using PassageIndex index = Written(folder["index"], [[10, 0], [0, 0.1f], [3, 3], [0, 0], [-1, 0]]);

        Ranking results = index.Search([2, 1], 10);

        Assert.Equal([2, 0, 1, 3, 4], results.Select(result => result.Passage));
        Assert.Equal(3 / Math.Sqrt(10), results[0].Score, 1e-6);
        Assert.Equal(2 / Math.Sqrt(5), results[1].Score, 1e-6);
        Assert.Equal(0, results[3].Score);
        Assert.Equal([MathF.Sqrt(0.5f), MathF.Sqrt(0.5f)], index[2].ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Of_equal_cosines_the_lower_row_comes_first()
    {
        using TemporaryFolder folder = new();
        using PassageIndex index = Written(folder["index"], Enumerable.Range(0, 5000).Select(i => new float[] { i % 2, 1 }));

        Assert.Equal([0, 2, 4, 6], index.Search([0, 1], 4).Select(result => result.Passage));
    }

    [Fact]
    public void Many_queries_give_exactly_what_single_ones_give_and_what_sorting_gives()
    {
        using TemporaryFolder folder = new();
        float[][] rows = Random(3000, 1), queries = Random(150, 2);
        using PassageIndex index = Written(folder["index"], rows);

        IReadOnlyList<Ranking> together = index.Search([.. queries.Select(query => (ReadOnlyMemory<float>)query)], 7);

        for (int q = 0; q < queries.Length; q++)
        {
            Ranking alone = index.Search(queries[q], 7);
            Assert.Equal(alone, together[q]);
            Assert.Equal((alone.Mean, alone.Deviation), (together[q].Mean, together[q].Deviation));
            IEnumerable<int> sorted = Enumerable.Range(0, rows.Length).OrderByDescending(row => Cosine(queries[q], rows[row])).Take(7);
            Assert.Equal(sorted, together[q].Select(result => result.Passage));
        }
    }

    [Fact]
    public void The_spread_of_all_scores_is_known_whatever_is_found()
    {
        using TemporaryFolder folder = new();
        float[][] rows = Random(3000, 1);
        using PassageIndex index = Written(folder["index"], rows);
        double[] cosines = [.. rows.Select(row => Cosine(rows[5], row))];
        double mean = cosines.Average(), deviation = Math.Sqrt(cosines.Average(cosine => (cosine - mean) * (cosine - mean)));

        Ranking ranking = index.Search(rows[5], 2);

        Assert.Equal(mean, ranking.Mean, 1e-6);
        Assert.Equal(deviation, ranking.Deviation, 1e-6);
        Assert.Equal((1 - mean) / deviation, ranking.StandardScore(ranking[0].Score), 1e-4);
    }

    [Fact]
    public void Scores_that_differ_by_rounding_alone_have_no_spread()
    {
        using TemporaryFolder folder = new();
        using PassageIndex index = Written(folder["index"], Enumerable.Range(1, 5000).Select(i => new[] { 0.3f * i, 0.7f * i, 0.1f * i }));
        Ranking ranking = index.Search([0.2f, 0.5f, 0.4f], 1);
        Assert.Equal((0, 0), (ranking.Deviation, ranking.StandardScore(ranking[0].Score)));
    }

    [Fact]
    public void The_header_keeps_model_dimension_and_rows()
    {
        using TemporaryFolder folder = new();
        PassageIndex.Write(folder["index"], "my/modèle", 3, [new float[3], new float[3]]);

        using PassageIndex index = PassageIndex.Open(folder["index"], "my/modèle");

        Assert.Equal(("my/modèle", 3, 2), (index.Model, index.Dimension, index.Count));
        string error = Assert.Throws<GenQException>(() => PassageIndex.Open(folder["index"], "other")).Message;
        Assert.Contains("made with the model 'my/modèle', not with 'other'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_index_finds_nothing()
    {
        using TemporaryFolder folder = new();
        using PassageIndex index = Written(folder["index"], []);
        Assert.Empty(index.Search([1, 0], 5));
    }

    [Fact]
    public void An_index_may_be_disposed_twice_and_says_so_when_it_is_used_afterwards()
    {
        using TemporaryFolder folder = new();
        PassageIndex index = Written(folder["index"], [[1, 0], [0, 1]]);
        index.Dispose();
        index.Dispose();
        Assert.Throws<ObjectDisposedException>(() => index.Search([1, 0], 1));
        Assert.Throws<ObjectDisposedException>(() => index[0].Length);
    }

    [Fact]
    public void A_cut_or_foreign_file_is_refused()
    {
        using TemporaryFolder folder = new();
        Written(folder["index"], [[1, 0], [0, 1]]).Dispose();
        byte[] whole = File.ReadAllBytes(folder["index"]);

        Refused(whole[..^1], "is it cut off?");
        Refused([.. whole, 0], "is it cut off?");
        Refused(whole[..20], "does not begin as one");
        Refused([], "does not begin as one");
        Refused("{\"_id\": \"this is a corpus, not an index\"}"u8.ToArray(), "does not begin as one");
        Refused([.. whole[..8], 7, .. whole[9..]], "its version is 7");
        Refused([.. whole[..15], 0x80, .. whole[16..]], "its header makes no sense");
        Assert.Contains("cannot be read", Error(folder["missing"]), StringComparison.Ordinal);

        void Refused(byte[] content, string reason)
        {
            File.WriteAllBytes(folder["broken"], content);
            Assert.Contains(reason, Error(folder["broken"]), StringComparison.Ordinal);
        }

        static string Error(string path) => Assert.Throws<GenQException>(() => PassageIndex.Open(path)).Message;
    }

    [Fact]
    public void A_byte_that_has_changed_anywhere_is_noticed_and_a_file_of_the_version_before_has_no_checksum()
    {
        using TemporaryFolder folder = new();
        Written(folder["index"], [[1, 0], [0, 1]]).Dispose();
        byte[] whole = File.ReadAllBytes(folder["index"]);
        for (int place = 0; place < whole.Length; place++)
        {
            whole[place] ^= 4;
            File.WriteAllBytes(folder["damaged"], whole);
            whole[place] ^= 4;
            Assert.Throws<GenQException>(() => PassageIndex.Open(folder["damaged"]).Dispose());
        }

        byte[] former = [.. whole[..8], 1, .. whole[9..^8]];
        File.WriteAllBytes(folder["former"], former);
        using PassageIndex index = PassageIndex.Open(folder["former"], "test");
        Assert.Equal(1, index.Search([0, 1], 1)[0].Passage);
    }

    [Fact]
    public void Of_a_file_that_takes_long_to_read_the_rows_are_checked_only_when_that_is_asked_for()
    {
        using TemporaryFolder folder = new();
        Written(folder["index"], [[1, 0], [0, 1]]).Dispose();
        byte[] damaged = File.ReadAllBytes(folder["index"]);
        damaged[^9] ^= 4;
        File.WriteAllBytes(folder["index"], damaged);
        PassageIndex.Open(folder["index"], "test", mostChecked: damaged.Length - 1).Dispose();
        Assert.Throws<GenQException>(() => PassageIndex.Open(folder["index"], "test", mostChecked: damaged.Length));
    }

    [Fact]
    public void Embeddings_that_do_not_fit_are_named()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("Embedding 1 for", Error([[1, 0], [1, 0, 0]]), StringComparison.Ordinal);
        Assert.Contains("is not finite", Error([[1, float.NaN]]), StringComparison.Ordinal);
        Assert.Contains("is not finite", Error([[float.PositiveInfinity, 0]]), StringComparison.Ordinal);
        Assert.False(File.Exists(folder["index"]));

        string Error(float[][] rows) => Assert.Throws<GenQException>(() => Written(folder["index"], rows)).Message;
    }

    private static PassageIndex Written(string path, IEnumerable<float[]> rows)
    {
        PassageIndex.Write(path, "test", rows.FirstOrDefault()?.Length ?? 2, rows.Select(row => (ReadOnlyMemory<float>)row));
        return PassageIndex.Open(path);
    }

    private static float[][] Random(int rows, long seed)
    {
        CounterRandom random = new(seed);
        return [.. Enumerable.Range(0, rows * 40).Select(i => (float)random.Uniform(i) - 0.5f).Chunk(40)];
    }

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(y => (double)y * y));
}
