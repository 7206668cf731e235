using GenQ.Training;

namespace GenQ.Tests.Training;

public sealed class WarmupLinearScheduleTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2.8249e-08)]
    [InlineData(354, 1e-05)]
    [InlineData(707, 1.9971751e-05)]
    [InlineData(708, 2e-05)]
    [InlineData(709, 1.9996863e-05)]
    [InlineData(3000, 1.2809412e-05)]
    [InlineData(7082, 3.137e-09)]
    [InlineData(7083, 0)]
    public void Learning_rates_are_those_of_the_reference(long step, double expected)
        => Assert.Equal(expected, new WarmupLinearSchedule(2e-5, 708, 7083).LearningRate(step), 1e-12);

    [Fact]
    public void Without_warm_up_the_first_step_has_the_peak()
        => Assert.Equal(0.5, new WarmupLinearSchedule(0.5, 0, 10).LearningRate(0));
}
