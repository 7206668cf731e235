using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Tests.Encoders;
using GenQ.Training;

namespace GenQ.Tests.Training;

[Collection(TorchRandomCollection.Name)]
public sealed class NeighbourGroupsTests
{
    private static readonly QueryPassagePair[] Pairs =
    [
        new("who barks", "a dog barks"), new("what swims", "a fish swims"), new("who bites", "a dog barks"), new("a barking dog", "the dog barks"),
    ];

    [Fact]
    public void Neighbours_stand_in_a_batch_together_and_every_pair_is_dealt()
    {
        // Two queries of each of 24 passages, which are alike in fours.
        QueryPassagePair[] pairs = [.. Enumerable.Range(0, 48).Select(i => new QueryPassagePair($"query {i}", $"passage {i / 2}"))];
        int[][] neighbours = [.. Enumerable.Range(0, 48).Select(i => Enumerable.Range(i / 8 * 8, 8).Where(other => other / 2 != i / 2).ToArray())];
        RankingExample[] examples = RankingExample.Of(pairs, 1);
        NoDuplicatesSampler sampler = new(examples, batchSize: 8, epochs: 1, new NeighbourGroups(examples, neighbours, groupSize: 4, seed: 1));
        for (int step = 0; step < sampler.Steps; step++)
        {
            int[] batch = sampler.Batch(step).ToArray();
            Assert.Equal(8, batch.Select(i => pairs[i].Passage).Distinct().Count());
            Assert.Equal([4, 4], batch.GroupBy(i => i / 8).Select(alike => alike.Count()));
        }

        Assert.Equal(0, sampler.UnusedPairs);
    }

    [Fact]
    public void Other_neighbours_give_other_batches_and_another_hash()
    {
        RankingExample[] examples = RankingExample.Of(Enumerable.Range(0, 40).Select(i => new QueryPassagePair($"query {i}", $"passage {i}")), 1);
        string before = Deal(away: 1), again = Deal(away: 1), other = Deal(away: 2);
        Assert.Equal(before, again);
        Assert.NotEqual(before, other);

        string Deal(int away)
        {
            int[][] neighbours = [.. Enumerable.Range(0, 40).Select(i => (int[])[(i + away) % 40])];
            return new NoDuplicatesSampler(examples, batchSize: 8, epochs: 1, new NeighbourGroups(examples, neighbours, groupSize: 2, seed: 1)).Hash;
        }
    }

    [Fact]
    public void Neighbours_of_a_pair_are_the_pairs_of_other_passages_the_nearest_first()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using BiEncoder model = Load(golden);
        float[][] vectors = model.EncodePassages(["a dog barks", "a fish swims", "the dog barks"]);
        using BaseReading reading = new(Load(golden), RankingExample.Of(Pairs, 1), null, CancellationToken.None);
        int[][] neighbours = NeighbourGroups.Neighbours(reading);
        bool isFishNearer = Cosine(vectors[0], vectors[1]) > Cosine(vectors[0], vectors[2]);
        Assert.Equal(isFishNearer ? [1, 3] : [3, 1], neighbours[0]);
        Assert.Same(neighbours[0], neighbours[2]);
        Assert.Equal([0, 2, 3], neighbours[1].Order());
    }

    private static BiEncoder Load(EncoderGolden golden) => BiEncoder.Load(golden.Folder, new BiEncoderOptions { Precision = Precision.Fp32 });

    private static double Cosine(float[] a, float[] b)
        => a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
}
