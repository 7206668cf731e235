using GenQ.Reporting;

namespace GenQ.Tests.Reporting;

public sealed class HtmlTests
{
    [Fact]
    public void Holes_are_escaped_and_pieces_are_not()
    {
        string text = "<b> \"&' é 語";
        Assert.Equal("<p title=\"&lt;b&gt; &quot;&amp;&#x27; é 語\">&lt;b&gt; &quot;&amp;&#x27; é 語</p>", Html.Of($"{Html.Of($"<p title=\"{text}\">{text}</p>")}").ToString());
    }

    [Fact]
    public void Numbers_are_written_alike_in_every_country()
    {
        System.Globalization.CultureInfo before = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal("1,234.5 .250", Html.Of($"{1234.5:N1} {0.25:.000}").ToString());
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("a\ud83d\ude00b", 3, "a…")]
    public void A_cut_text_ends_in_an_ellipsis_and_never_in_half_a_character(string text, int most, string cut) => Assert.Equal(cut, Html.Cut(text, most));

    [Fact]
    public void Many_pieces_follow_one_another() => Assert.Equal("<i>1</i><i>2</i>", Html.Of($"{new[] { 1, 2 }.Select(i => Html.Of($"<i>{i}</i>"))}").ToString());
}
