using GenQ.Compute;
using GenQ.Retrieval;

namespace GenQ.Tests.Retrieval;

public sealed class PairedBootstrapTests
{
    [Fact]
    public void The_same_gain_on_every_query_is_certain()
    {
        BootstrapInterval interval = PairedBootstrap.Difference([0, 0.25, 0.5], [0.25, 0.5, 0.75]);
        Assert.Equal(new BootstrapInterval(0.25, 0.25, 0.25), interval);
    }

    [Fact]
    public void The_interval_is_about_two_standard_errors_wide_on_either_side()
    {
        // Half of 400 queries gain 1, half lose 0.5: mean 0.25, standard deviation 0.75.
        double[] before = new double[400], after = [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? 1 : -0.5)];
        double standardError = 0.75 / Math.Sqrt(400);

        BootstrapInterval interval = PairedBootstrap.Difference(before, after);

        Assert.Equal(0.25, interval.Mean, 1e-12);
        Assert.Equal(0.25 - 1.96 * standardError, interval.Low, 0.004);
        Assert.Equal(0.25 + 1.96 * standardError, interval.High, 0.004);
        Assert.True(PairedBootstrap.Difference(after, before).High < 0);
    }

    [Fact]
    public void A_mean_has_the_interval_of_its_difference_to_nothing()
        => Assert.Equal(PairedBootstrap.Difference([0, 0, 0], [0.1, 0.5, 0.9]), PairedBootstrap.Mean([0.1, 0.5, 0.9]));

    [Fact]
    public void What_rounds_to_zero_is_written_without_a_minus()
        => Assert.Equal("+0.000 (95 % interval -0.012 to +0.000)", new BootstrapInterval(-0.0123, -0.0002, 0.0001).ToString());

    [Fact]
    public void The_seed_decides_the_interval()
    {
        CounterRandom random = new(7);
        double[] a = [.. Enumerable.Range(0, 50).Select(i => random.Uniform(i))];
        double[] b = [.. Enumerable.Range(50, 50).Select(i => random.Uniform(i))];

        Assert.Equal(PairedBootstrap.Difference(a, b, 3), PairedBootstrap.Difference(a, b, 3));
        Assert.NotEqual(PairedBootstrap.Difference(a, b, 3), PairedBootstrap.Difference(a, b, 4));
    }

    [Theory]
    [InlineData(-0.0001, "+0.000")]
    [InlineData(-0.0, "+0.000")]
    [InlineData(-0.0006, "-0.001")]
    [InlineData(0.0354, "+0.035")]
    public void A_difference_has_one_sign(double mean, string expected) => Assert.StartsWith(expected + " (", new BootstrapInterval(-1, mean, 1).ToString(), StringComparison.Ordinal);

    [Fact]
    public void The_mean_of_kinds_counts_each_alike_and_one_kind_is_its_mean()
    {
        double[] few = [0.1, 0.3], many = [.. Enumerable.Repeat(-0.1, 50)];
        Assert.Equal(0.05, PairedBootstrap.MeanOfMeans([few, many]).Mean, 1e-12);
        Assert.Equal(PairedBootstrap.Mean(few), PairedBootstrap.MeanOfMeans([few]));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(120)]
    public void The_interval_holds_the_true_difference_in_nineteen_of_twenty_cases(int queries)
    {
        // As nDCG differs between two searches: mostly not at all, else by a rank or by all; true mean 0.02.
        (double Difference, double Share)[] cases = [(0, 0.6), (0.37, 0.14), (-0.37, 0.12), (0.13, 0.06), (-0.13, 0.06), (1, 0.01), (-1, 0.01)];
        double truth = cases.Sum(one => one.Difference * one.Share);
        const int Simulations = 1000;
        int held = 0;
        for (int simulation = 0; simulation < Simulations; simulation++)
        {
            CounterRandom random = new(11, simulation);
            double[] differences = [.. Enumerable.Range(0, queries).Select(i => Draw(random.Uniform(i)))];
            BootstrapInterval interval = PairedBootstrap.Mean(differences);
            if (interval.Low <= truth && truth <= interval.High) held++;
        }

        Assert.InRange(held, 930, 970);

        double Draw(double at)
        {
            foreach ((double difference, double share) in cases)
            {
                if (at < share) return difference;
                at -= share;
            }

            return 0;
        }
    }
}
