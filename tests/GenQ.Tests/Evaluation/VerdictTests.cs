using GenQ.Evaluation;
using GenQ.Retrieval;

namespace GenQ.Tests.Evaluation;

public sealed class VerdictTests
{
    private static readonly BootstrapInterval None = new(-0.01, 0, 0.01);

    [Theory]
    [InlineData(0.01, 0.02, 0.03, 0.001, "better")]
    [InlineData(0.01, 0.02, 0.03, 0.06, "no difference shown")]
    [InlineData(-0.01, 0.02, 0.05, 0.001, "no difference shown")]
    [InlineData(-0.03, -0.02, -0.01, 0.001, "worse")]
    [InlineData(-0.03, -0.02, -0.01, 0.06, "no difference shown")]
    [InlineData(0, 0, 0, 1, "no difference shown")]
    public void The_word_follows_the_interval_and_the_test_of_the_default_search(double low, double mean, double high, double p, string word)
        => Assert.Equal(word, Verdict.Of(new(low, mean, high), byMeaning: new(-0.2, -0.1, -0.05), p, [("labelled queries", 100, None)], isByPeople: true).Word);

    [Theory]
    [InlineData(0.02, -0.03, "no difference shown")]
    [InlineData(0.02, 0.01, "better")]
    [InlineData(-0.02, 0.03, "no difference shown")]
    [InlineData(-0.02, -0.01, "worse")]
    public void A_kind_of_queries_that_says_the_contrary_takes_the_word_back(double mean, double kind, string word)
    {
        BootstrapInterval Around(double middle) => new(middle - 0.005, middle, middle + 0.005);
        Assert.Equal(word, Verdict.Of(Around(mean), None, 0.001, [("generated queries", 100, Around(3 * mean)), ("sentences", 100, Around(kind))], isByPeople: false).Word);
    }

    [Fact]
    public void The_sentence_says_every_kind_and_what_meaning_alone_gains()
    {
        Verdict verdict = Verdict.Of(new(0.01, 0.02, 0.03), new(0.1, 0.2, 0.3), 0.001, [("generated queries", 1234, new(0.02, 0.03, 0.04)), ("sentences", 80, new(-0.01, 0.01, 0.03))], isByPeople: false);
        Assert.Equal(
            "The adapted model is better than its base: nDCG@10 +0.020 (95 % interval +0.010 to +0.030) in the default search, the mean of 1,234 generated queries (+0.030), 80 sentences (+0.010). "
            + "By meaning alone it is +0.200 (95 % interval +0.100 to +0.300). "
            + $"People did not ask these: on labelled corpora {Verdict.TrueWords} of {Verdict.TriedWords} such words were true of people's questions. Labelled queries of your own users would tell more.",
            verdict.Sentence);
    }

    [Fact]
    public void The_rate_of_true_words_is_that_of_the_table_in_the_documentation()
    {
        string[] rows = [.. File.ReadLines(Path.Combine(Shared.Root, "docs", "evaluation.md"))
            .SkipWhile(line => !line.StartsWith("| corpus, seed | recipe |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))];
        Assert.Equal((Verdict.TrueWords, Verdict.TriedWords), (rows.Count(row => row.EndsWith("| yes |", StringComparison.Ordinal)), rows.Length));
    }

    [Fact]
    public void Queries_of_people_have_no_reservation()
        => Assert.EndsWith(
            "in the default search, on 100 labelled queries. By meaning alone it is +0.000 (95 % interval -0.010 to +0.010).",
            Verdict.Of(None, None, 1, [("labelled queries", 100, None)], isByPeople: true).Sentence,
            StringComparison.Ordinal);
}
