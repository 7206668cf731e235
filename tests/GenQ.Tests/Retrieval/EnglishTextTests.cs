using GenQ.Data;
using GenQ.Retrieval;

namespace GenQ.Tests.Retrieval;

public sealed class EnglishTextTests
{
    [Theory]
    [InlineData("The index is built once, and a search then reads it from the disk.", true)]
    [InlineData("Der Bundestag beschloss am Dienstag das Gesetz über die Finanzmärkte.", false)]
    [InlineData("検索モデルを文書に合わせて調整します。", false)]
    public void English_is_told_from_other_languages(string text, bool isEnglish)
        => Assert.Equal(isEnglish, EnglishText.Share([new Passage("p", text)]) >= EnglishText.LowestShare);

    [Fact]
    public void English_is_searched_by_n_grams_but_a_corpus_too_large_for_them_by_words_and_other_languages_by_theirs()
    {
        Passage english = new("p", "The index is built once, and a search then reads it from the disk.");
        Assert.Same(Analyzer.EnglishNGrams, EnglishText.AnalyzerFor([.. Enumerable.Repeat(english, 250_000)]));
        Assert.Same(Analyzer.English, EnglishText.AnalyzerFor([.. Enumerable.Repeat(english, 250_001)]));
        Assert.Same(Analyzer.Plain, EnglishText.AnalyzerFor([new Passage("p", "Der Bundestag beschloss am Dienstag das Gesetz über die Finanzmärkte.")]));
    }
}
