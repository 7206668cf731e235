using GenQ.Documents;

namespace GenQ.Tests.Documents;

public sealed class SentenceSplitterTests
{
    [Theory]
    [InlineData("One here. Two there! Three? Yes.", "One here.|Two there!|Three?|Yes.")]
    [InlineData("Dr. Smith met J. R. Brown. They spoke.", "Dr. Smith met J. R. Brown.|They spoke.")]
    [InlineData("See e.g. Fig. 3 and pp. 5. It costs 3.50 in the U.S. Navy.", "See e.g. Fig. 3 and pp. 5.|It costs 3.50 in the U.S. Navy.")]
    [InlineData("He said \"Stop.\" Then (all of it.) Done.", "He said \"Stop.\"|Then (all of it.)|Done.")]
    [InlineData("Call list.Add(x). Use .NET 10. Then a ? B : c.", "Call list.Add(x).|Use .NET 10.|Then a ? B : c.")]
    [InlineData("Version 1.2.3 is out... but late.", "Version 1.2.3 is out... but late.")]
    [InlineData("これは本です。次の文です。", "これは本です。|次の文です。")]
    [InlineData("A list:\n- Apples are red\n- Pears\n1. First. Second", "A list:|- Apples are red|- Pears|1. First.|Second")]
    [InlineData("wrapped lines\nare one sentence. Next", "wrapped lines\nare one sentence.|Next")]
    [InlineData("", "")]
    public void Sentences_end_where_a_reader_would_end_them(string text, string expected)
    {
        List<string> sentences = [];
        int start = 0;
        foreach (int end in SentenceSplitter.Ends(text))
        {
            sentences.Add(text[start..end].Trim());
            start = end;
        }

        Assert.Equal(expected, string.Join('|', sentences));
    }
}
