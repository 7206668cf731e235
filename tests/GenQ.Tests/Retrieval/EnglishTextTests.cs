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
}
