using GenQ.Evaluation;
using GenQ.Retrieval;

namespace GenQ.Tests.Evaluation;

public sealed class VerdictTests
{
    [Theory]
    [InlineData(0.01, 0.02, 0.03, "better")]
    [InlineData(-0.01, 0.02, 0.05, "no difference shown")]
    [InlineData(-0.03, -0.02, -0.01, "worse")]
    [InlineData(0, 0, 0, "no difference shown")]
    public void The_word_follows_the_interval(double low, double mean, double high, string word)
        => Assert.Equal(word, Verdict.Of(new BootstrapInterval(low, mean, high), 100, isGenerated: false).Word);

    [Fact]
    public void Generated_queries_are_said_to_flatter()
    {
        Assert.Contains("flatters", Verdict.Of(new BootstrapInterval(0.1, 0.2, 0.3), 100, isGenerated: true).Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("flatters", Verdict.Of(new BootstrapInterval(0.1, 0.2, 0.3), 100, isGenerated: false).Sentence, StringComparison.Ordinal);
    }
}
