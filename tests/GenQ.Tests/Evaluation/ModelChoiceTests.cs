using GenQ.Evaluation;
using GenQ.Retrieval;

namespace GenQ.Tests.Evaluation;

public sealed class ModelChoiceTests
{
    [Fact]
    public void The_first_that_is_better_is_kept()
    {
        Assert.Equal(0, ModelChoice.Decide([Tried(0, Verdict.Better, 0.01, 0)]));
        Assert.Equal(0.5, ModelChoice.Decide([Tried(0, Verdict.NoDifference, 0.01, 0.02), Tried(0.5, Verdict.Better, 0.01, 0)]));
    }

    [Fact]
    public void Where_none_is_better_that_is_kept_which_gains_by_meaning_and_loses_nothing_in_the_default_search()
    {
        Assert.Equal(0, ModelChoice.Decide([Tried(0, Verdict.NoDifference, 0.001, 0.02), Tried(0.5, Verdict.NoDifference, 0.002, 0.01)]));
        Assert.Equal(0.5, ModelChoice.Decide([Tried(0, Verdict.NoDifference, -0.001, 0.02), Tried(0.5, Verdict.NoDifference, 0.001, 0.01)]));
    }

    [Fact]
    public void Else_the_base_is_kept()
    {
        Assert.Equal(1, ModelChoice.Decide([Tried(0, Verdict.Worse, -0.01, 0.02), Tried(0.5, Verdict.NoDifference, -0.001, 0.02)]));
        Assert.Equal(1, ModelChoice.Decide([Tried(0, Verdict.NoDifference, 0.001, -0.01), Tried(0.5, Verdict.NoDifference, 0.001, -0.01)]));
    }

    private static TriedModel Tried(double share, string verdict, double byDefault, double byMeaning)
        => new(share, verdict, new BootstrapInterval(byDefault - 0.005, byDefault, byDefault + 0.005), new BootstrapInterval(byMeaning - 0.005, byMeaning, byMeaning + 0.005));
}
