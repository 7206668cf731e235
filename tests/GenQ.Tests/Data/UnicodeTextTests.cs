using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class UnicodeTextTests
{
    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abc", 2, "ab")]
    [InlineData("a😀b", 2, "a")]
    [InlineData("a😀b", 3, "a😀")]
    [InlineData("a", 0, "")]
    public void A_text_is_cut_between_characters(string text, int most, string beginning) => Assert.Equal(beginning, UnicodeText.Cut(text, most));

    [Theory]
    [InlineData("de\uFB01ne the \uFB02ow, o\uFB00 e\uFB03cient ba\uFB04e \uFB06", "define the flow, off efficient baffle st")]
    [InlineData("cafe\u0301 nai\u0308ve A\u030A \u212B \u0E01\u0E34", "café naïve Å Å \u0E01\u0E34")]
    [InlineData("\u200Evalve\u200F \u202Bword\u202C \u2066x\u2069 soft\u00ADhyphen \uFEFFa\u2060b", "valve word x softhyphen ab")]
    [InlineData("ＰＵＭＰ－ＳＥＡＬ ３．１４ １，０００", "PUMP-SEAL 3.14 1,000")]
    [InlineData("ﾎﾟﾝﾌﾟ ｶﾞｽ", "ポンプ ガス")]
    [InlineData("\u2F00\u2F08 \uFB48\uFEE1 Ⅳ ５㎏ 20℃ \U0001D400\U0001D401", "一人 \u05E8\u05BC\u0645 IV 5kg 20°C AB")]
    public void Other_shapes_of_letters_become_plain_and_unseen_marks_go(string text, string plain) => Assert.Equal(plain, UnicodeText.Normalize(text));

    [Theory]
    [InlineData("10² x³ H₂O ½ ¼ ™ © ® … № ① 20° 1ª")]
    [InlineData("ポンプ（左）、バルブ！漢字，中文。")]
    [InlineData("naïve Straße “quoted” – 5\u00A0€ 10\u202Fbar")]
    [InlineData("می\u200Cخواهم क्\u200Dष 👩\u200D💻 ខ្មែរ\u200Bភាសា")]
    public void What_means_something_stays(string text) => Assert.Equal(text, UnicodeText.Normalize(text));

    [Theory]
    [InlineData("zero\u200Bwidth Auf\u200Clage a\u200Db \u200Bend\u200B", "zerowidth Auflage ab end")]
    public void Joiners_that_only_set_type_go(string text, string plain) => Assert.Equal(plain, UnicodeText.Normalize(text));

    [Fact]
    public void Half_a_surrogate_is_no_failure() => Assert.Equal("a\uFFFDb", UnicodeText.Normalize("a\uD83Db"));
}
