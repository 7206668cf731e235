using System.Runtime.InteropServices;
using System.Text.Json;
using GenQ.Retrieval;

namespace GenQ.Tests.Retrieval;

public sealed class RankingMetricsTests
{
    private static readonly HashSet<string> TwoRelevant = ["a", "b"];
    private static readonly string[] Ranked = ["c", "a", "d", "b", "e", "f", "g", "h", "i", "j", "k"];

    [Fact]
    public void Two_relevant_passages_on_ranks_2_and_4_give_the_numbers_on_paper()
    {
        Assert.Equal(0.6509209298, RankingMetrics.Ndcg(Ranked, TwoRelevant, 10), 1e-10);
        Assert.Equal(0.5, RankingMetrics.ReciprocalRank(Ranked, TwoRelevant, 10));
        Assert.Equal(0.5, RankingMetrics.AveragePrecision(Ranked, TwoRelevant, 100));
        int[] ks = [1, 3, 5, 10];
        Assert.Equal([0, 1.0 / 3, 0.4, 0.2], ks.Select(k => RankingMetrics.Precision(Ranked, TwoRelevant, k)));
        Assert.Equal([0, 0.5, 1, 1], ks.Select(k => RankingMetrics.Recall(Ranked, TwoRelevant, k)));
        Assert.Equal([0, 1, 1, 1], ks.Select(k => RankingMetrics.Accuracy(Ranked, TwoRelevant, k)));
    }

    [Fact]
    public void A_ranking_shorter_than_k_is_measured_as_if_nothing_followed()
    {
        Assert.Equal(0.1, RankingMetrics.Precision(["a"], TwoRelevant, 10));
        Assert.Equal(0.5, RankingMetrics.AveragePrecision(["a"], TwoRelevant, 10));
        Assert.Equal(1 / (1 + 1 / Math.Log2(3)), RankingMetrics.Ndcg(["a"], TwoRelevant, 10), 1e-12);
        Assert.Equal(0, RankingMetrics.ReciprocalRank([], TwoRelevant, 10));
    }

    [Fact]
    public void Graded_gain_is_the_grade_and_the_ideal_has_the_highest_first()
    {
        Dictionary<string, int> grades = new() { ["a"] = 1, ["b"] = 3, ["c"] = 0, ["d"] = -1, ["z"] = 2 };

        // Gains 0, 1, 0, 3; the ideal is 3, 2, 1.
        double gain = 1 / Math.Log2(3) + 3 / Math.Log2(5), ideal = 3 + 2 / Math.Log2(3) + 1 / Math.Log2(4);
        Assert.Equal(gain / ideal, RankingMetrics.GradedNdcg(Ranked, grades, 10), 1e-12);
        Assert.Equal((1 / Math.Log2(3)) / (3 + 2 / Math.Log2(3)), RankingMetrics.GradedNdcg(Ranked, grades, 2), 1e-12);
    }

    [Fact]
    public void A_query_without_relevant_passages_has_no_measure()
    {
        Assert.Throws<ArgumentException>(() => RankingMetrics.Ndcg(Ranked, new HashSet<string>(), 10));
        Assert.Throws<ArgumentException>(() => RankingMetrics.GradedNdcg(Ranked, new Dictionary<string, int> { ["a"] = 0 }, 10));
    }

    [Fact]
    public void Forty_queries_over_120_embeddings_give_what_InformationRetrievalEvaluator_gives()
    {
        Dictionary<string, float[][]> embeddings = ReadEmbeddings(Shared.Golden("evaluation", "embeddings.safetensors"));
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Shared.Golden("evaluation", "expected.json")));
        JsonElement relevantByQuery = expected.RootElement.GetProperty("relevant");
        using TemporaryFolder folder = new();
        PassageIndex.Write(folder["index"], "golden", 16, embeddings["documents"].Select(row => (ReadOnlyMemory<float>)row));
        using PassageIndex index = PassageIndex.Open(folder["index"]);
        List<(string[] Ranked, HashSet<string> Relevant)> queries = [];
        for (int q = 0; q < embeddings["queries"].Length; q++)
        {
            HashSet<string> relevant = [.. relevantByQuery.GetProperty($"q{q}").EnumerateArray().Select(id => id.GetString()!)];
            queries.Add(([.. index.Search(embeddings["queries"][q], 100).Select(result => $"d{result.Passage}")], relevant));
        }

        Dictionary<string, Func<IReadOnlyList<string>, IReadOnlySet<string>, int, double>> metrics = new()
        {
            ["accuracy@k"] = RankingMetrics.Accuracy,
            ["precision@k"] = RankingMetrics.Precision,
            ["recall@k"] = RankingMetrics.Recall,
            ["ndcg@k"] = RankingMetrics.Ndcg,
            ["mrr@k"] = RankingMetrics.ReciprocalRank,
            ["map@k"] = RankingMetrics.AveragePrecision,
        };
        int compared = 0;
        foreach (JsonProperty metric in expected.RootElement.GetProperty("scores").GetProperty("cosine").EnumerateObject())
        {
            foreach (JsonProperty value in metric.Value.EnumerateObject())
            {
                int k = int.Parse(value.Name, System.Globalization.CultureInfo.InvariantCulture);
                double mean = queries.Average(query => metrics[metric.Name](query.Ranked, query.Relevant, k));
                Assert.Equal(value.Value.GetDouble(), mean, 1e-6);
                compared++;
            }
        }

        Assert.Equal(15, compared);
    }

    // The part of the safetensors format that this one file needs: float matrices.
    private static Dictionary<string, float[][]> ReadEmbeddings(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int headerLength = (int)BitConverter.ToUInt64(file);
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, headerLength));
        return header.RootElement.EnumerateObject().ToDictionary(tensor => tensor.Name, tensor =>
        {
            int columns = tensor.Value.GetProperty("shape")[1].GetInt32();
            JsonElement offsets = tensor.Value.GetProperty("data_offsets");
            Range bytes = (8 + headerLength + offsets[0].GetInt32())..(8 + headerLength + offsets[1].GetInt32());
            return MemoryMarshal.Cast<byte, float>(file.AsSpan(bytes)).ToArray().Chunk(columns).ToArray();
        });
    }
}
