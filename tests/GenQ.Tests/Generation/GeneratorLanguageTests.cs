using GenQ.Data;
using GenQ.Generation;

namespace GenQ.Tests.Generation;

public sealed class GeneratorLanguageTests
{
    private const string English = "The pump stands in the cellar and is checked every week so that it does not fail.";
    private const string German = "Die Pumpe steht im Keller und wird jede Woche geprüft, damit sie nicht ausfällt.";
    private const string Japanese = "ポンプは地下にあり、毎週点検されます。止めた人は帳簿に書きます。";

    [Theory]
    [InlineData(18, 0, 0, false)]
    [InlineData(17, 1, 1, false)]
    [InlineData(6, 6, 6, true)]
    [InlineData(12, 6, 0, true)]
    [InlineData(12, 0, 6, true)]
    [InlineData(6, 12, 0, true)]
    [InlineData(0, 3, 0, true)]
    public void A_corpus_that_is_English_in_part_is_warned_of(int english, int german, int japanese, bool isWarned)
    {
        Passage[] passages =
        [
            .. Enumerable.Repeat(English, english).Concat(Enumerable.Repeat(German, german)).Concat(Enumerable.Repeat(Japanese, japanese))
                .Select((text, i) => new Passage($"p{i}", text)),
        ];
        string? warning = GeneratorLanguage.Warning(passages);
        Assert.Equal(isWarned, warning is not null);
        if (isWarned) Assert.Contains("speak English alone", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Headings_and_numbers_alone_are_of_no_language()
        => Assert.Null(GeneratorLanguage.Warning([new Passage("a", English), .. Enumerable.Range(0, 9).Select(i => new Passage($"p{i}", "Figure 3, Table 12: 4.5 6.7"))]));
}
