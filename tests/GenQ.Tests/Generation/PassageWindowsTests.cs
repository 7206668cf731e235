using GenQ.Data;
using GenQ.Generation;

namespace GenQ.Tests.Generation;

public sealed class PassageWindowsTests
{
    [Fact]
    public void A_window_is_of_whole_sentences_and_a_short_rest_belongs_to_the_one_before()
        => Assert.Equal(["T One two three. Four five.", "T Six seven eight nine ten. End."], Windows("One two three. Four five. Six seven eight nine ten. End.", 5));

    [Fact]
    public void A_long_passage_has_four_windows()
        => Assert.Equal(4, Windows(string.Join(' ', Enumerable.Repeat("A sentence of five words.", 40)), 5).Count);

    [Fact]
    public void A_passage_without_sentences_is_one_window()
    {
        Assert.Equal(["T no end here at all"], Windows("no end here at all", 2));
        Assert.Equal(["T"], Windows("", 2));
        Assert.Equal(["T One. Two."], Windows("One. Two.", 0));
    }

    private static IReadOnlyList<string> Windows(string text, int words) => PassageWindows.Of(new Passage("p", text, "T"), words);
}
