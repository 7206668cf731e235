using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Tests.Documents;

public sealed class MarkdownLimitsTests
{
    [Theory]
    [InlineData("![a](")]
    [InlineData("[a](b")]
    [InlineData("http://a.b ")]
    [InlineData("[a](b)\n")]
    public void A_block_of_links_without_end_is_refused(string part)
        => Assert.Contains("more than 20,000 links", Refused(string.Concat(Enumerable.Repeat(part, InputLimits.LinksOfBlock + 1))), StringComparison.Ordinal);

    [Fact]
    public void Links_with_empty_lines_between_them_may_be_as_many_as_they_like()
        => MarkdownLimits.Require(string.Concat(Enumerable.Repeat("* [a](b)\n\n", InputLimits.LinksOfBlock + 1)));

    [Fact]
    public void A_list_that_is_indented_without_end_is_refused()
    {
        string blanks = new(' ', InputLimits.ListIndentation + 1);
        Assert.Contains("indents a list by more than 800 blanks", Refused($"- a\n{blanks}- b"), StringComparison.Ordinal);
        MarkdownLimits.Require($"a\n{blanks}code");
    }

    private static string Refused(string markdown) => Assert.Throws<GenQException>(() => MarkdownLimits.Require(markdown)).Message;
}
