using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class PlainLineTests
{
    [Theory]
    [InlineData("plain words", "plain words")]
    [InlineData("  two\r\n lines\tand   spaces ", "two lines and spaces")]
    [InlineData("a \e[1;31mred\e[0m word", "a red word")]
    [InlineData("a\e]0;title\atail", "a tail")]
    [InlineData("a\e]8;;http://x\e\\link\e]8;;\e\\ b", "a link b")]
    [InlineData("cut off \e[31", "cut off")]
    [InlineData("\u009B2Jcleared", "cleared")]
    [InlineData("bell\a and null\0", "bell and null")]
    [InlineData("over\u202Eride", "override")]
    [InlineData("[red]markup[/] stays as it is", "[red]markup[/] stays as it is")]
    [InlineData("日本語 und Größe", "日本語 und Größe")]
    [InlineData("\e", "")]
    public void A_strangers_text_becomes_one_line_that_a_terminal_only_shows(string text, string expected) => Assert.Equal(expected, PlainLine.Of(text));
}
