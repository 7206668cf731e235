using GenQ.Models;
using GenQ.Text;

namespace GenQ.Tests.Models;

public sealed class WordChooserTests
{
    private static readonly ITokenizer Tokens = Tokenizer.Load(Shared.Golden("checkpoints", "t5-tiny"));

    private const string Text = "JsonSerializer.Serialize writes (indented) XML; see write_file, List<T> and Map<int, long>.";

    [Theory]
    [InlineData("what is JsonSerializer")]
    [InlineData("what is JsonSerializer.Serialize, the xml")]
    [InlineData("serialize json")]
    [InlineData("write write_file")]
    [InlineData("is the indented of the xml")]
    [InlineData("is the write of files")]
    [InlineData("what is list<t>")]
    [InlineData("map of long")]
    public void Common_words_and_those_of_the_text_whole_or_in_their_parts_may_be_written(string query) => Assert.Null(Refused(query));

    [Theory]
    [InlineData("what is python", "python")]
    [InlineData("what is serializ", "serializ")]
    [InlineData("the indented of indented", "indented")]
    [InlineData("write of writes", "writes")]
    [InlineData("map<int", "map<int")]
    [InlineData("list<t", "list<t")]
    [InlineData("jsonserializers", "jsonserializers")]
    [InlineData("is is", "is")]
    public void Other_words_torn_ones_long_ones_twice_and_one_behind_itself_may_not(string query, string refused) => Assert.Equal(refused, Refused(query));

    [Fact]
    public void A_word_of_one_token_does_not_follow_itself()
    {
        string word = Assert.IsType<SentencePieceTokenizer>(Tokens).Pieces.First(piece => piece.Length > 2 && piece.Skip(1).All(char.IsAsciiLetterLower))[1..];
        int token = Assert.Single(Tokens.Encode(word)[..^1]);
        WordChooser chooser = new(new AllowedWords(Tokens, [word, "of"]), new WordNode(), Tokens.Encode("")[^1]);
        Assert.Contains(token, chooser.Allowed());
        chooser.Choose(token);
        Assert.DoesNotContain(token, chooser.Allowed());
    }

    [Fact]
    public void A_text_has_a_word_at_least_and_ends_behind_a_word()
    {
        (WordChooser chooser, int end) = Start();
        Assert.DoesNotContain(end, chooser.Allowed());
        foreach (int token in Tokens.Encode("what")[..^1]) chooser.Choose(token);
        Assert.Contains(end, chooser.Allowed());
    }

    [Fact]
    public void Identifiers_and_acronyms_are_spelled_as_their_text_spells_them()
    {
        AllowedWords words = new(Tokens, ["what", "is", "the", "of"]);
        Assert.Equal("what is the JsonSerializer of XML", new TextWords(words, Text).Respell("what is the jsonserializer of xml"));
        Assert.Equal("SEE the OF", new TextWords(words, "SEE the OF").Respell("see the OF"));
        Assert.Equal("what is the", new TextWords(words, "WHAT IS THE").Respell("what is the"));
    }

    private static (WordChooser Chooser, int End) Start()
    {
        AllowedWords words = new(Tokens, ["what", "is", "the", "of"]);
        int end = Tokens.Encode("")[^1];
        return (new WordChooser(words, new TextWords(words, Text).Root, end), end);
    }

    // The first word that may not be written; none where the whole query may.
    private static string? Refused(string query)
    {
        (WordChooser chooser, int end) = Start();
        string[] words = query.ToLowerInvariant().Split(' ');
        foreach (string word in words)
        {
            foreach (int token in Tokens.Encode(word)[..^1])
            {
                if (!chooser.Allowed().Contains(token)) return word;
                chooser.Choose(token);
            }
        }

        return chooser.Allowed().Contains(end) ? null : words[^1];
    }
}
