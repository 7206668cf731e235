using GenQ.Data;
using GenQ.Retrieval;

namespace GenQ.Tests.Retrieval;

public sealed class AnalyzerTests
{
    [Theory]
    [InlineData("The cats' toys aren't in the U.S.A.", "cat toi aren't u.s.a")]
    [InlineData("Newton\u2019s law, NEWTON'S laws, newton's", "newton law newton law newton")]
    [InlineData("C++ and foo_bar, __, _x_ 3.14 1,000.5 a1b2", "c foo_bar _x_ 3.14 1,000.5 a1b2")]
    [InlineData("e.g. www.example.com a:b x--y O'Neil's 'quoted'", "e.g www.example.com a:b x y o'neil quot")]
    [InlineData("日本語 ひら カタカナ ภาษาไทย 한국어", "日 本 語 ひ ら カタカナ ภาษาไทย 한국어")]
    [InlineData("cafe\u0301 soft\u00ADhyphen \U0001D400\U0001D401 😀 naïve", "café softhyphen ab naïv")]
    [InlineData(" \u0301 ... ' ", "")]
    public void English_terms_are_stemmed_words_without_stop_words(string text, string terms) =>
        Assert.Equal(terms.Split(' ', StringSplitOptions.RemoveEmptyEntries), Analyzer.English.Terms(text));

    [Theory]
    [InlineData("The cats' toys aren't in the U.S.A.", "the cats toys aren t in the u s a")]
    [InlineData("C++ and foo_bar, 3.14", "c and foo bar 3 14")]
    [InlineData("Straße, ÉCOLE, हिन्दी, \U00010400\U00010401 x", "straße école हिन्दी \U00010428\U00010429 x")]
    [InlineData("", "")]
    public void Plain_terms_are_lower_cased_runs_of_letters_and_digits(string text, string terms) =>
        Assert.Equal(terms.Split(' ', StringSplitOptions.RemoveEmptyEntries), Analyzer.Plain.Terms(text));

    [Theory]
    [InlineData("de\uFB01ne e\uFB03cient", "define efficient")]
    [InlineData("cafe\u0301 Ga\u0308rten", "café Gärten")]
    [InlineData("\u200Evalve\u200F zero\u200Bwidth soft\u00ADhyphen", "valve zerowidth softhyphen")]
    [InlineData("ｐｕｍｐ ＡＢ１２", "pump AB12")]
    public void Letters_of_another_shape_are_found_by_ordinary_ones(string written, string typed)
    {
        foreach (Analyzer analyzer in (Analyzer[])[Analyzer.English, Analyzer.EnglishNGrams, Analyzer.Plain])
        {
            Assert.Equal(analyzer.Fields(typed), analyzer.Fields(written));
        }
    }

    [Theory]
    [InlineData("How does the pump's valve work?", "pump valv work", "pump valv|valv work", "#^pump #pump$ #^s$ #^valv #valve #alve$ #^work #work$")]
    [InlineData("JsonReader my_id", "jsonread my_id", "jsonread my_id", "#^json #jsonr #sonre #onrea #nread #reade #eader #ader$ #^id$")]
    [InlineData("what is it", "", "", "")]
    [InlineData("\U00010400\U00010401\U00010400 ab", "\U00010428\U00010429\U00010428 ab", "\U00010428\U00010429\U00010428 ab", "#^\U00010428\U00010429\U00010428$ #^ab$")]
    public void English_n_grams_are_words_that_mean_something_pairs_of_them_and_runs_of_five_letters(string text, string words, string pairs, string runs)
    {
        Assert.Equal(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), Analyzer.EnglishNGrams.Terms(text));
        Assert.Equal(
            (string[][])[words.Split(' ', StringSplitOptions.RemoveEmptyEntries), pairs.Split('|', StringSplitOptions.RemoveEmptyEntries), runs.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            Analyzer.EnglishNGrams.Fields(text));
    }

    [Theory]
    [InlineData("mounting disks", "It mounts a disk.", "mounts disk")]
    [InlineData("what is a serializer", "A JsonSerializer is one.", "JsonSerializer")]
    [InlineData("serialization", "A serializer writes.", "serializer")]
    [InlineData("serializtion", "Of serialization and stations.", "serialization")]
    [InlineData("inform", "information, formal", "information")]
    [InlineData("nation", "A station is what it is.", "")]
    [InlineData("what is it", "what is it", "")]
    public void Words_that_a_query_asks_for_are_found_in_other_forms_and_by_most_of_their_letters(string query, string text, string found) =>
        Assert.Equal(found.Split(' ', StringSplitOptions.RemoveEmptyEntries), Analyzer.EnglishNGrams.FinderOf(query)(text).Select(place => text[place]));

    [Fact]
    public void A_word_of_more_than_255_characters_is_no_term()
    {
        string text = $"{new string('a', 256)} {new string('b', 255)}";
        Assert.Equal([new string('b', 255)], Analyzer.English.Terms(text));
        Assert.Equal([new string('b', 255)], Analyzer.EnglishNGrams.Terms(text));
        Assert.DoesNotContain(Analyzer.EnglishNGrams.Fields(text).SelectMany(field => field), term => term.Contains('a', StringComparison.Ordinal));
    }

    [Fact]
    public void An_analyzer_is_found_by_its_name()
    {
        Assert.All((Analyzer[])[Analyzer.English, Analyzer.EnglishNGrams, Analyzer.Plain], analyzer => Assert.Same(analyzer, Analyzer.Named(analyzer.Name)));
        string error = Assert.Throws<GenQException>(() => Analyzer.Named("german")).Message;
        Assert.Contains("choose 'english-ngrams', 'english' or 'plain'", error, StringComparison.Ordinal);
    }
}
