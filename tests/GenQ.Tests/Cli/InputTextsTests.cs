using GenQ.Cli;
using GenQ.Data;

namespace GenQ.Tests.Cli;

public sealed class InputTextsTests
{
    [Fact]
    public void A_line_ends_at_a_line_feed_with_or_without_a_carriage_return_before_it()
        => Assert.Equal(["a", "", "b\rc", "\u2028", "d"], InputTexts.Read(new StringReader("a\r\n\nb\rc\n\u2028\nd"), json: false));

    [Fact]
    public void No_line_follows_the_last_line_feed() => Assert.Equal(["a", ""], InputTexts.Read(new StringReader("a\n\n"), json: false));

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_text()
        => Assert.Equal(["a", "\uFEFFb"], InputTexts.Read(new StringReader("\uFEFFa\n\uFEFFb\n"), json: false));

    [Fact]
    public void A_line_longer_than_the_buffer_is_one_text()
    {
        string text = new('x', 40_000);
        Assert.Equal([text, text], InputTexts.Read(new StringReader($"{text}\n{text}\n"), json: false));
    }

    [Fact]
    public void A_text_comes_before_the_next_one_is_read()
    {
        using IEnumerator<string> texts = InputTexts.Read(new OneLineReader("first\n"), json: false).GetEnumerator();
        Assert.True(texts.MoveNext());
        Assert.Equal("first", texts.Current);
    }

    [Fact]
    public void Json_strings_may_hold_line_breaks_and_an_empty_line_is_an_empty_text()
        => Assert.Equal(["a\nb", "", "", "é"], InputTexts.Read(new StringReader("\"a\\nb\"\n\n\"\"\n\"\\u00e9\"\n"), json: true));

    [Theory]
    [InlineData("plain")]
    [InlineData("null")]
    [InlineData("[\"a\"]")]
    [InlineData("\"\\ud800\"")]
    public void A_line_that_is_no_json_string_is_named(string line)
    {
        GenQException error = Assert.Throws<GenQException>(() => InputTexts.Read(new StringReader($"\"a\"\n{line}\n"), json: true).ToArray());
        Assert.StartsWith("Line 2 of stdin is not a JSON string", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Gives one line, then must not be asked again: a pipe whose other end waits for the answer.</summary>
    private sealed class OneLineReader(string line) : TextReader
    {
        private bool _isRead;

        public override int Read(char[] buffer, int index, int count)
        {
            Assert.False(_isRead);
            _isRead = true;
            line.CopyTo(0, buffer, index, line.Length);
            return line.Length;
        }
    }
}
