using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Tests.Documents;

public sealed class MarkupLimitsTests
{
    [Theory]
    [InlineData("<div>")]
    [InlineData("<b>")]
    [InlineData("<ul><li>")]
    [InlineData("<DL><dt><dd>")]
    [InlineData("<a href=x><div>")]
    public void A_page_that_opens_elements_without_end_is_refused(string part)
        => Assert.Contains("nests deeper than 12,000 elements", Refused(part, InputLimits.OpenElements + 1), StringComparison.Ordinal);

    [Theory]
    [InlineData("<p>words")]
    [InlineData("<li>words")]
    [InlineData("<br>")]
    [InlineData("<a name=x>")]
    [InlineData("<path d='M0'/>")]
    [InlineData("<div>words</div>")]
    [InlineData("a < b, ")]
    [InlineData("<!-- ")]
    public void What_does_not_stay_open_may_occur_as_often_as_it_likes(string part) => MarkupLimits.Require(Repeated(part, InputLimits.OpenElements + 1));

    [Fact]
    public void Tags_inside_of_thousands_of_others_are_refused_where_they_are_many()
        => Assert.Contains("too many tags inside of thousands", Assert.Throws<GenQException>(() => MarkupLimits.Require(Repeated("<div>", 11_000) + Repeated("<p>", 20_000))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_page_of_tags_alone_is_refused() => Assert.Contains("more than 1,000,000 tags", Refused("<p>", InputLimits.Tags + 1), StringComparison.Ordinal);

    private static string Refused(string part, int times) => Assert.Throws<GenQException>(() => MarkupLimits.Require(Repeated(part, times))).Message;

    private static string Repeated(string part, int times) => string.Concat(Enumerable.Repeat(part, times));
}
