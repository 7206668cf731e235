using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;
using GenQ.Tests.Encoders;
using GenQ.Training;
using TorchSharp;

namespace GenQ.Tests.Training;

[Collection(TorchRandomCollection.Name)]
public sealed class SoftLabelsTests
{
    private static readonly QueryPassagePair[] Pairs =
    [
        new("who barks", "a dog barks"), new("what swims", "a fish swims"), new("who bites", "a dog barks"), new("a barking dog", "the dog barks"),
    ];

    [Fact]
    public void A_score_is_the_scaled_cosine_and_bm25_together()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using BiEncoder model = Load(golden);
        float[] query = model.EncodeQueries(["who bites"])[0], passage = model.EncodePassages(["a fish swims"])[0];
        Passage[] passages = [new("0", "a dog barks"), new("1", "a fish swims"), new("2", "the dog barks")];
        Bm25Index words = Bm25Index.Build(passages, Analyzer.English);

        RankingExample[] examples = RankingExample.Of(Pairs, 1);
        using BaseReading reading = new(Load(golden), examples, null, CancellationToken.None);
        using torch.Tensor scores = new SoftLabels(examples, reading, new BatchWords(examples)).Targets([3, 1, 2]);
        Assert.Equal([3, 3], scores.shape);
        Assert.Equal(20 * Cosine(query, passage), scores[2, 1].item<float>(), 1e-4);

        // The first query of the batch and the passage of the third share both words.
        float[] first = model.EncodeQueries(["a barking dog"])[0], third = model.EncodePassages(["a dog barks"])[0];
        Assert.True(words.Scores("a barking dog", [0])[0] > 0.1);
        Assert.Equal(20 * Cosine(first, third) + words.Scores("a barking dog", [0])[0], scores[0, 2].item<float>(), 1e-4);
    }

    [Fact]
    public void Each_query_of_a_batch_is_scored_with_each_of_its_passages()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        RankingExample[] single = RankingExample.Of(Pairs, 1), joined = RankingExample.Of(Pairs, 2);
        using BaseReading alone = new(Load(golden), single, null, CancellationToken.None), together = new(Load(golden), joined, null, CancellationToken.None);

        // Together, the first example has the queries of pairs 0 and 2.
        using torch.Tensor each = new SoftLabels(single, alone, new BatchWords(single)).Targets([0, 1, 2, 3]), both = new SoftLabels(joined, together, new BatchWords(joined)).Targets([0, 1, 2]);
        Assert.Equal([4, 3], both.shape);
        foreach ((int row, int pair) in ((int, int)[])[(0, 0), (1, 2), (2, 1), (3, 3)])
        {
            Assert.Equal(each[pair, 0].item<float>(), both[row, 0].item<float>(), 1e-4);
            Assert.Equal(each[pair, 1].item<float>(), both[row, 1].item<float>(), 1e-4);
            Assert.Equal(each[pair, 3].item<float>(), both[row, 2].item<float>(), 1e-4);
        }
    }

    [Fact]
    public void Lifted_a_query_s_own_passage_is_the_best_by_a_margin_and_the_others_keep_their_scores()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        RankingExample[] examples = RankingExample.Of(Pairs, 1);
        using BaseReading reading = new(Load(golden), examples, null, CancellationToken.None);
        SoftLabels soft = new(examples, reading, new BatchWords(examples));
        using torch.Tensor plain = soft.Targets([0, 1, 3]), lifted = new LiftedLabels(examples, soft).Targets([0, 1, 3]);
        for (int query = 0; query < 3; query++)
        {
            float best = Enumerable.Range(0, 3).Where(passage => passage != query).Max(passage => plain[query, passage].item<float>());
            for (int passage = 0; passage < 3; passage++)
                Assert.Equal(passage == query ? best + 2 : plain[query, passage].item<float>(), lifted[query, passage].item<float>(), 1e-4);
        }
    }

    private static BiEncoder Load(EncoderGolden golden) => BiEncoder.Load(golden.Folder, new BiEncoderOptions { Precision = Precision.Fp32 });

    private static double Cosine(float[] a, float[] b)
        => a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
}
