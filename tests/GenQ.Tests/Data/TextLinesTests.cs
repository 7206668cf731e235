using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class TextLinesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("one")]
    [InlineData("one\ntwo\n")]
    [InlineData("one\r\ntwo\rthree\n\n\r\nlast")]
    [InlineData("\r\r\n\n")]
    public void Lines_are_those_of_a_reader_wherever_its_buffer_ends(string text)
    {
        using StringReader whole = new(text), parts = new(text);
        List<string> expected = [];
        while (whole.ReadLine() is { } line) expected.Add(line);
        Assert.Equal(expected, TextLines.Of(new OneByOne(parts), "x"));
    }

    [Fact]
    public void A_lone_return_may_be_part_of_a_line() => Assert.Equal(["a\rb", "c", ""], TextLines.Of(new StringReader("a\rb\r\nc\n\n"), "x", endsAtReturn: false));

    [Fact]
    public void A_line_without_end_is_refused_before_memory_is()
    {
        IEnumerator<string> lines = TextLines.Of(new WithoutEnd("first\n"), "'x.jsonl'").GetEnumerator();
        Assert.True(lines.MoveNext());
        Assert.Contains("'x.jsonl', line 2, has more than 16,777,216 characters", Assert.Throws<GenQException>(() => lines.MoveNext()).Message, StringComparison.Ordinal);
    }

    private sealed class OneByOne(TextReader inner) : TextReader
    {
        public override int Read(char[] buffer, int index, int count) => inner.Read(buffer, index, Math.Min(1, count));
    }

    private sealed class WithoutEnd(string start) : TextReader
    {
        private string _start = start;

        public override int Read(char[] buffer, int index, int count)
        {
            if (_start.Length == 0)
            {
                Array.Fill(buffer, 'a', index, count);
                return count;
            }

            _start.CopyTo(0, buffer, index, _start.Length);
            count = _start.Length;
            _start = "";
            return count;
        }
    }
}
