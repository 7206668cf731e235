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
        => Assert.Equal(word, Verdict.Of(new BootstrapInterval(low, mean, high), new BootstrapInterval(-1, 0, 1), 100, isGenerated: false).Word);

    [Fact]
    public void Generated_queries_are_said_to_flatter()
    {
        Assert.Contains("flatters", Sentence(isGenerated: true), StringComparison.Ordinal);
        Assert.DoesNotContain("flatters", Sentence(isGenerated: false), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_default_search_gains_is_said_too()
    {
        Assert.Contains("+0.200 (95 % interval +0.100 to +0.300) on 100 labelled queries", Sentence(isGenerated: false), StringComparison.Ordinal);
        Assert.EndsWith("Where BM25 is added to both, as a search does by default, it is -0.010 (95 % interval -0.030 to +0.010).", Sentence(isGenerated: false), StringComparison.Ordinal);
    }

    private static string Sentence(bool isGenerated)
    {
        BootstrapInterval difference = new(0.1, 0.2, 0.3), hybrid = new(-0.03, -0.01, 0.01);
        return Verdict.Of(difference, hybrid, 100, isGenerated).Sentence;
    }
}
