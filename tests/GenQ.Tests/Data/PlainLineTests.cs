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

    [Fact]
    public void A_message_quotes_a_long_name_by_its_beginning_and_its_end()
    {
        string message = new GenQException($"'/folder/{new string('a', 5000)}/last.txt' has \"{new string('b', 5000)}\", expected another.").Message;
        Assert.Equal($"'/folder/{new string('a', 125)}…{new string('a', 57)}/last.txt' has \"{new string('b', 133)}…{new string('b', 66)}\", expected another.", message);
    }

    [Theory]
    [InlineData("'a\nb' is no file.\nCheck it.", "'a b' is no file.\nCheck it.")]
    [InlineData("'a\e[2Jb' is no file.", "'a b' is no file.")]
    [InlineData("The model's file isn't there,\nnor is the user's.", "The model's file isn't there,\nnor is the user's.")]
    public void What_a_message_quotes_is_one_line_each(string message, string expected) => Assert.Equal(expected, new GenQException(message).Message);

    [Fact]
    public void A_message_ends_before_anybody_stops_to_read() => Assert.Equal(InputLimits.MessageCharacters + 1, new GenQException(new string('a', 1_000_000)).Message.Length);
}
