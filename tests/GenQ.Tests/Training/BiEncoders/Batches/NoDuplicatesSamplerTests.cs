using GenQ.Compute;
using GenQ.Data;
using GenQ.Training;

namespace GenQ.Tests.Training;

public sealed class NoDuplicatesSamplerTests
{
    [Fact]
    public void A_batch_never_holds_the_same_text_twice()
    {
        // 60 pairs over 20 passages; some queries are asked of two passages, one query is a passage, case and spaces differ.
        QueryPassagePair[] pairs = [.. Enumerable.Range(0, 60).Select(i => new QueryPassagePair(
            i == 7 ? "passage 3" : $"Query {i % 50}", i % 2 == 0 ? $"passage {i % 20}" : $" PASSAGE {i % 20} "))];
        NoDuplicatesSampler sampler = Deal(Each(pairs), batchSize: 8, epochs: 3, seed: 1);
        Assert.Equal(21, sampler.Steps);
        for (int step = 0; step < sampler.Steps; step++)
        {
            string[] texts = [.. sampler.Batch(step).ToArray()
                .SelectMany(i => (string[])[pairs[i].Query, pairs[i].Passage])
                .Select(text => text.Trim().ToLowerInvariant())];
            Assert.Equal(16, texts.Distinct().Count());
        }
    }

    [Fact]
    public void Batches_are_filled_in_the_order_of_the_pass_and_conflicts_wait_for_the_next_batch()
    {
        // Three queries of each of 40 passages, as the method makes them.
        QueryPassagePair[] pairs = [.. Enumerable.Range(0, 120).Select(i => new QueryPassagePair($"query {i}", $"passage {i / 3}"))];
        const int Size = 10;
        NoDuplicatesSampler sampler = Deal(Each(pairs), Size, epochs: 1, seed: 5);
        List<int> waiting = [.. Enumerable.Range(0, pairs.Length)];
        int[] order = [.. waiting];
        new CounterRandom(5, 0).Shuffle<int>(order);
        waiting = [.. order];
        for (int step = 0; waiting.Count > 0; step++)
        {
            // The plain way: read what waits from the front, put off what conflicts.
            List<int> batch = [];
            foreach (int pair in waiting)
            {
                if (batch.Count < Size && batch.All(other => pairs[other].Passage != pairs[pair].Passage)) batch.Add(pair);
            }

            if (batch.Count < Size) break;
            Assert.Equal(batch, sampler.Batch(step).ToArray());
            waiting.RemoveAll(batch.Contains);
        }
    }

    [Fact]
    public void Epochs_have_different_orders_and_the_same_seed_the_same_ones()
    {
        RankingExample[] pairs = Each(Distinct(40));
        NoDuplicatesSampler sampler = Deal(pairs, 10, 2, seed: 3), again = Deal(pairs, 10, 2, seed: 3), other = Deal(pairs, 10, 2, seed: 4);
        Assert.NotEqual(sampler.Batch(0).ToArray(), sampler.Batch(4).ToArray());
        Assert.Equal(sampler.Batch(5).ToArray(), again.Batch(5).ToArray());
        Assert.NotEqual(sampler.Batch(0).ToArray(), other.Batch(0).ToArray());
    }

    [Fact]
    public void Every_pair_is_dealt_once_an_epoch_where_nothing_conflicts()
    {
        NoDuplicatesSampler sampler = Deal(Each(Distinct(40)), 10, 1, seed: 3);
        int[] dealt = [.. Enumerable.Range(0, sampler.Steps).SelectMany(step => sampler.Batch(step).ToArray())];
        Assert.Equal(Enumerable.Range(0, 40), dealt.Order());
        Assert.Equal((0, 1), (sampler.UnusedPairs, sampler.Passes));
    }

    [Fact]
    public void Pairs_that_no_batch_could_take_are_counted()
    {
        // 30 queries of one passage, and 10 others: a batch of 5 can take one of the 30.
        QueryPassagePair[] pairs = [.. Distinct(10), .. Enumerable.Range(0, 30).Select(i => new QueryPassagePair($"asked {i}", "the one"))];
        NoDuplicatesSampler sampler = Deal(Each(pairs), 5, 1, seed: 3);
        Assert.Equal(8, sampler.Steps);
        int[] dealt = [.. Enumerable.Range(0, 8).SelectMany(step => sampler.Batch(step).ToArray())];
        Assert.Equal(40 - dealt.Distinct().Count(), sampler.UnusedPairs);
        Assert.InRange(sampler.UnusedPairs, 22, 30);
        Assert.Equal(4, sampler.Passes);
    }

    [Fact]
    public void A_batch_that_cannot_exist_is_explained()
    {
        QueryPassagePair[] pairs = [.. Enumerable.Range(0, 100).Select(i => new QueryPassagePair($"query {i}", $"passage {i % 10}"))];
        string message = Assert.Throws<GenQException>(() => Deal(Each(pairs), 24, 1, seed: 1)).Message;
        Assert.Equal(
            "Of 100 pairs over 10 different passages no batch of 24 pairs without a common text can be dealt; the largest has 10. "
            + "Lower the batch size to 10 or less, or bring pairs of more passages.",
            message);
        string tooFew = Assert.Throws<GenQException>(() => Deal(Each(Distinct(23)), 24, 1, 1)).Message;
        Assert.Contains("fewer than a batch of 24", tooFew, StringComparison.Ordinal);
    }

    [Fact]
    public void Queries_that_stand_together_are_dealt_together_and_none_of_them_meets_itself()
    {
        // Three queries of each of 40 passages; the third is asked of every tenth passage.
        RankingExample[] examples = RankingExample.Of(
            Enumerable.Range(0, 120).Select(i => new QueryPassagePair(i % 3 == 2 ? $"asked often {i / 3 % 10}" : $"query {i}", $"passage {i / 3}")), 3);
        NoDuplicatesSampler sampler = Deal(examples, 8, 3, seed: 1);
        Assert.Equal(15, sampler.Steps);
        for (int step = 0; step < sampler.Steps; step++)
        {
            string[] queries = [.. sampler.Batch(step).ToArray().SelectMany(i => examples[i].Queries)];
            Assert.Equal(24, queries.Length);
            Assert.Equal(24, queries.Distinct().Count());
        }

        string tooFew = Assert.Throws<GenQException>(() => Deal(examples[..7], 8, 1, 1)).Message;
        Assert.StartsWith("There are 21 usable pairs of 7 passages, fewer than a batch of 8.", tooFew, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_queries_may_repeat_passages_that_share_one_meet_and_a_passage_still_never_meets_itself()
    {
        RankingExample[] examples = RankingExample.Of(
            Enumerable.Range(0, 40).Select(i => new QueryPassagePair("what is it", $"passage {i / 2}")).Concat([new("who is it", "passage 0")]), 2);
        Assert.Throws<GenQException>(() => Deal(examples, 10, 1, seed: 1));
        NoDuplicatesSampler sampler = Deal(examples, 10, 1, seed: 1, mayRepeatQueries: true);
        Assert.Equal(2, sampler.Steps);
        for (int step = 0; step < 2; step++) Assert.Equal(10, sampler.Batch(step).ToArray().Select(i => examples[i].Passage).Distinct().Count());
    }

    [Fact]
    public void Queries_of_an_example_that_no_batch_could_take_are_counted_one_by_one()
    {
        RankingExample[] examples = RankingExample.Of(Enumerable.Range(0, 22).Select(i => new QueryPassagePair($"query {i}", $"passage {i / 2}")), 2);
        Assert.Equal(2, Deal(examples, 10, 1, seed: 1).UnusedPairs);
    }

    [Fact]
    public void A_limit_of_steps_ends_the_dealing_and_leaves_the_batches_before_it_as_they_are()
    {
        RankingExample[] examples = Each(Distinct(40));
        NoDuplicatesSampler all = Deal(examples, 10, 3, seed: 1), some = Deal(examples, 10, 3, seed: 1, maxSteps: 3), more = Deal(examples, 10, 3, seed: 1, maxSteps: 99);
        Assert.Equal((12, 3, 12), (all.Steps, some.Steps, more.Steps));
        Assert.Equal(all.Batch(2).ToArray(), some.Batch(2).ToArray());
        Assert.Equal((0, 10), (all.UnusedPairs, some.UnusedPairs));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Passages_that_are_nearly_the_same_stay_out_of_a_batch_where_that_is_asked(bool apart)
    {
        string Words(int passage) => string.Join(' ', Enumerable.Range(0, 60).Select(i => $"p{passage}w{i}"));
        RankingExample[] examples = [.. Enumerable.Range(0, 40).Select(i => new RankingExample([$"query {i}"], Words(i / 2) + (i % 2 == 0 ? " once" : " twice")))];
        NoDuplicatesSampler sampler = new(examples, 8, 4, new ShuffledExamples(examples.Length, 1), nearDuplicatesApart: apart);
        bool isApart = Enumerable.Range(0, sampler.Steps).All(step => sampler.Batch(step).ToArray().Select(example => example / 2).Distinct().Count() == 8);
        Assert.Equal(apart, isApart);
    }

    [Fact]
    public void Hundreds_of_thousands_of_queries_of_few_passages_are_dealt_or_refused_in_linear_time()
    {
        // Quadratic work would take hours here.
        QueryPassagePair[] pairs =
            [.. Enumerable.Range(0, 300_000).Select(i => new QueryPassagePair($"query {i}", i % 2 == 0 ? "the one" : $"text {i % 999}"))];
        QueryPassagePair[] alike = [.. pairs.Where((_, i) => i % 2 == 0 || i < 60)];
        string refused = Assert.Throws<GenQException>(() => Deal(Each(alike), 24, 1, 1)).Message;
        Assert.Contains("batches of 24", refused, StringComparison.Ordinal);
        Assert.Equal(12_500, Deal(Each(pairs), 24, 1, seed: 1).Steps);
    }

    private static NoDuplicatesSampler Deal(
        RankingExample[] examples, int batchSize, int epochs, long seed, int? maxSteps = null, bool mayRepeatQueries = false)
        => new(examples, batchSize, epochs, new ShuffledExamples(examples.Length, seed), maxSteps, mayRepeatQueries);

    private static RankingExample[] Each(IEnumerable<QueryPassagePair> pairs) => RankingExample.Of(pairs, 1);

    private static QueryPassagePair[] Distinct(int count)
        => [.. Enumerable.Range(0, count).Select(i => new QueryPassagePair($"query {i}", $"passage {i}"))];
}
