using GenQ.Retrieval;

namespace GenQ.Tests.Retrieval;

public sealed class PairedRandomizationTests
{
    [Fact]
    public void Of_a_few_differences_it_is_the_share_of_all_signs_that_give_as_much()
    {
        // Of the 32 ways to set five signs two give a mean of 1 either way.
        Assert.Equal(2.0 / 32, PairedRandomization.P([[1, 1, 1, 1, 1]]), 0.01);
        Assert.Equal(1, PairedRandomization.P([[0, 0, 0]]));
        Assert.Equal(1, PairedRandomization.P([[1, -1]]));
    }

    [Fact]
    public void Kinds_count_alike_however_many_queries_they_have()
    {
        double[] many = [.. Enumerable.Range(0, 1000).Select(i => i % 2 == 0 ? 0.1 : -0.1)], gain = [.. Enumerable.Repeat(0.1, 40)];
        Assert.True(PairedRandomization.P([gain]) < 0.001);
        Assert.True(PairedRandomization.P([many, gain]) < 0.001);
        Assert.True(PairedRandomization.P([many]) > 0.5);
    }
}
