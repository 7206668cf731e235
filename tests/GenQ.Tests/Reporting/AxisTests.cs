using GenQ.Reporting;

namespace GenQ.Tests.Reporting;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0, 0.83, 5, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0, 200, 5, "0 50 100 150 200")]
    [InlineData(0, 1.9e-5, 4, "0.000000 0.000005 0.000010 0.000015 0.000020")]
    [InlineData(-3, 7, 5, "-5 0 5 10")]
    [InlineData(0, 12345, 4, "0 5,000 10,000 15,000")]
    [InlineData(0, 0, 4, "0.0 0.5 1.0")]
    public void Ticks_are_round_and_the_scale_ends_on_them(double low, double high, int most, string ticks)
    {
        Axis axis = Axis.Over(low, high, most);
        Assert.Equal(ticks, string.Join(' ', axis.Ticks.Select(axis.Label)));
        Assert.True(axis.Low <= low && axis.High >= high);
    }

    [Fact]
    public void A_value_stands_in_proportion_between_two_places() => Assert.Equal(75, Axis.Over(0, 1, 5).Place(0.25, 100, 0));
}
