using GenQ.Compute;

namespace GenQ.Tests.Compute;

public sealed class CounterRandomTests
{
    [Fact]
    public void A_draw_depends_on_key_and_counter_alone()
    {
        CounterRandom first = new(42, "passage-7", 1), second = new(42, "passage-7", 1);
        Assert.Equal(first.Bits(1000), second.Bits(1000));
        Assert.NotEqual(first.Bits(1000), first.Bits(1001));
        Assert.NotEqual(first.Bits(0), new CounterRandom(42, "passage-7", 2).Bits(0));
        Assert.NotEqual(first.Bits(0), new CounterRandom(42, "passage-8", 1).Bits(0));
        Assert.NotEqual(first.Bits(0), new CounterRandom(43, "passage-7", 1).Bits(0));
    }

    [Fact]
    public void Draws_are_the_same_on_every_machine()
        => Assert.Equal([0.75294253507902564, 0.56420833100946466], Enumerable.Range(0, 2).Select(i => new CounterRandom(1, "a").Uniform(i)));

    [Fact]
    public void Uniform_draws_fill_the_unit_interval_evenly()
    {
        CounterRandom random = new(7);
        int[] counts = new int[10];
        for (int i = 0; i < 100_000; i++) counts[(int)(random.Uniform(i) * 10)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void A_shuffle_keeps_every_item_once()
    {
        int[] items = [.. Enumerable.Range(0, 100)];
        new CounterRandom(3).Shuffle<int>(items);
        Assert.NotEqual(Enumerable.Range(0, 100), items);
        Assert.Equal(Enumerable.Range(0, 100), items.Order());
    }
}
