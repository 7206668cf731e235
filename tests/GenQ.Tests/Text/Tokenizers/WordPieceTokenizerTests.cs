using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Text;

namespace GenQ.Tests.Tokenization;

public sealed class WordPieceTokenizerTests : IDisposable
{
    // Non-spacing marks to Unicode 16, not yet to the tables of the reference: it keeps them, and knows no piece for them.
    private static readonly int[] YoungerThanTheReference =
        [0x10F4C, 0x11A3B, 0x11A8F, 0x11CA6, 0x11D36, 0x11D42, 0x1CF05, 0x1CF24, 0x1E01E, 0x1E02A];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mpnet.tokenizer.json.gz", "tokenizer.json")]
    [InlineData("mpnet-vocab.txt", "vocab.txt")]
    public void Every_golden_text_has_the_ids_of_Hugging_Face(string golden, string name)
    {
        TokenizerGoldens.Place(golden, _folder, name);
        ITokenizer tokenizer = Tokenizer.Load(_folder.Path);
        TokenizerGoldens.Case[] comparable =
        [
            .. TokenizerGoldens.Cases
                .Where(golden => !golden.Text.EnumerateRunes().Any(rune => YoungerThanTheReference.Contains(rune.Value))),
        ];
        Assert.Equal(3189 - YoungerThanTheReference.Length, comparable.Length);
        TokenizerGoldens.AssertIds(golden => golden.HfMpnet, tokenizer, comparable);
    }

    [Fact]
    public void A_character_that_NET_does_not_decompose_is_an_unknown_word()
    {
        ITokenizer tokenizer = Tokenizer.Load(Shared.Golden("checkpoints", "bert-tiny"));
        Assert.Equal(tokenizer.Encode("é \uFFFF x", maxLength: 48), tokenizer.Encode("é \uFFFE x", maxLength: 48));
    }

    [Theory]
    [InlineData("mpnet-tiny")]
    [InlineData("bert-tiny")]
    [InlineData("distilbert-tiny")]
    public void A_checkpoint_s_texts_have_its_ids(string checkpoint)
    {
        string folder = Shared.Golden("checkpoints", checkpoint);
        ITokenizer tokenizer = Tokenizer.Load(folder);
        Assert.All(
            TokenizerGoldens.Expected(folder), expected => Assert.Equal(expected.Ids, tokenizer.Encode(expected.Text, maxLength: 48)));
    }

    [Theory]
    [InlineData("mpnet-tiny", "vocab.txt")]
    [InlineData("bert-tiny", "vocab.txt")]
    [InlineData("bert-tiny", "vocab.txt", "tokenizer_config.json")]
    public void A_vocabulary_alone_says_the_family(string checkpoint, params string[] files)
    {
        string folder = Shared.Golden("checkpoints", checkpoint);
        foreach (string file in files) File.Copy(Path.Combine(folder, file), _folder[file]);
        ITokenizer whole = Tokenizer.Load(folder);
        ITokenizer tokenizer = Tokenizer.Load(_folder.Path);
        Assert.Equal((whole.PadId, whole.UnknownId), (tokenizer.PadId, tokenizer.UnknownId));
        Assert.Equal(whole.VocabularySize, tokenizer.VocabularySize);
        TokenizerGoldens.AssertIds(golden => whole.Encode(golden.Text), tokenizer);
    }

    [Fact]
    public void MiniLM_s_vocabulary_and_tokenizer_json_agree_and_never_cut()
    {
        string folder = Shared.Company("models", "all-MiniLM-L6-v2");
        File.Copy(Path.Combine(folder, "vocab.txt"), _folder["vocab.txt"]);
        ITokenizer fromJson = Tokenizer.Load(folder);
        ITokenizer fromVocabulary = Tokenizer.Load(_folder.Path);
        TokenizerGoldens.AssertIds(golden => fromVocabulary.Encode(golden.Text), fromJson);
        Assert.Equal(2 + 300, fromJson.Encode(string.Join(' ', Enumerable.Repeat("word", 300))).Length);
    }

    [Fact]
    public void Truncation_keeps_the_frame()
    {
        ITokenizer tokenizer = LoadBert("a", "b");
        Assert.Equal([2, 5, 6, 3], tokenizer.Encode("a b a b", maxLength: 4));
        Assert.Equal([2, 3], tokenizer.Encode("a b a b", maxLength: 2));
        Assert.Equal([2, 4, 4, 3], tokenizer.Encode("[MASK][MASK][MASK]", maxLength: 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Encode("a", maxLength: 1));
    }

    [Fact]
    public void A_word_is_spelled_with_the_longest_pieces_or_is_unknown_as_a_whole()
    {
        ITokenizer tokenizer = LoadBert("un", "##aff", "##a", "##able", "##f");
        Assert.Equal([2, 5, 6, 8, 3], tokenizer.Encode("unaffable"));
        Assert.Equal([2, 1, 3], tokenizer.Encode("unaffably"));
    }

    [Fact]
    public void A_word_of_more_than_100_characters_is_unknown()
    {
        ITokenizer tokenizer = LoadBert("a", "##a", "𝒳", "##𝒳");
        Assert.Equal(102, tokenizer.Encode(new string('a', 100)).Length);
        Assert.Equal([2, 1, 3], tokenizer.Encode(new string('a', 101)));
        // A character outside the basic plane is two chars, but one character.
        Assert.Equal(102, tokenizer.Encode(string.Concat(Enumerable.Repeat("𝒳", 100))).Length);
    }

    [Fact]
    public void The_config_decides_about_case_accents_and_Chinese_characters()
    {
        string[] vocabulary = ["e", "E", "é", "É", "中中"];
        const string text = "É 中中";
        Assert.Equal([2, 5, 1, 1, 3], LoadBert(vocabulary).Encode(text));
        WriteConfig("""{"do_lower_case": false}""");
        Assert.Equal([2, 8, 1, 1, 3], LoadBert(vocabulary).Encode(text));
        WriteConfig("""{"do_lower_case": false, "strip_accents": true}""");
        Assert.Equal([2, 6, 1, 1, 3], LoadBert(vocabulary).Encode(text));
        WriteConfig("""{"strip_accents": false, "tokenize_chinese_chars": false}""");
        Assert.Equal([2, 7, 9, 3], LoadBert(vocabulary).Encode(text));
    }

    [Fact]
    public void Where_a_BERT_s_config_and_tokenizer_json_differ_the_config_counts()
    {
        LoadBert("e", "E", "é", "É", "中中").Save(_folder["saved"]);
        const string text = "É 中中";
        Assert.Equal([2, 5, 1, 1, 3], Tokenizer.Load(_folder["saved"]).Encode(text));
        File.WriteAllText(_folder["saved", "tokenizer_config.json"], """{"do_lower_case": false, "tokenize_chinese_chars": false}""");
        Assert.Equal([2, 8, 9, 3], Tokenizer.Load(_folder["saved"]).Encode(text));
        File.WriteAllText(_folder["saved", "tokenizer_config.json"], """{"strip_accents": false}""");
        Assert.Equal([2, 7, 1, 1, 3], Tokenizer.Load(_folder["saved"]).Encode(text));
    }

    [Fact]
    public void Special_tokens_in_a_text_are_found_before_case_is_lowered()
    {
        ITokenizer tokenizer = LoadBert("a", "mask", "[", "]");
        Assert.Equal([2, 5, 4, 5, 3], tokenizer.Encode("a[MASK]a"));
        Assert.Equal([2, 7, 6, 8, 3], tokenizer.Encode("[mask]"));
    }

    [Fact]
    public void Added_tokens_swallow_white_space_stand_alone_and_ignore_case_as_their_flags_say()
    {
        WriteConfig("""
            {"added_tokens_decoder": {
                "5": {"content": "LEFT", "lstrip": true, "rstrip": false, "normalized": false, "single_word": false, "special": false},
                "6": {"content": "WORD", "lstrip": false, "rstrip": false, "normalized": false, "single_word": true, "special": false},
                "7": {"content": "Any", "lstrip": false, "rstrip": true, "normalized": true, "single_word": false, "special": false}}}
            """);
        ITokenizer tokenizer = LoadBert("LEFT", "WORD", "Any", "x", "##x", "word");
        Assert.Equal([2, 8, 5, 8, 3], tokenizer.Encode("x \t LEFTx"));
        Assert.Equal([2, 8, 6, 8, 3], tokenizer.Encode("x WORD x"));
        Assert.Equal([2, 1, 3], tokenizer.Encode("xWORD"));
        Assert.Equal([2, 8, 7, 8, 3], tokenizer.Encode("xANY  x"));
        Assert.Equal([2, 10, 3], tokenizer.Encode("word"));
    }

    [Fact]
    public void Decoding_joins_pieces_and_leaves_out_special_ids()
    {
        ITokenizer tokenizer = LoadBert("a", "walk", "##ing", "man", "!");
        Assert.Equal("a walking man!", tokenizer.Decode([2, 5, 6, 7, 4, 8, 9, 3, 0, 0, 99, -1]));
    }

    [Theory]
    [InlineData("mpnet-tiny")]
    [InlineData("bert-tiny")]
    public void A_saved_tokenizer_loads_from_each_of_its_files(string checkpoint)
    {
        string source = Shared.Golden("checkpoints", checkpoint);
        ITokenizer tokenizer = Tokenizer.Load(source);
        tokenizer.Save(_folder["saved"]);
        Assert.Equal(File.ReadAllBytes(Path.Combine(source, "vocab.txt")), File.ReadAllBytes(_folder["saved", "vocab.txt"]));
        AssertEqual(tokenizer, Tokenizer.Load(_folder["saved"]));
        File.Delete(_folder["saved", "tokenizer.json"]);
        AssertEqual(tokenizer, Tokenizer.Load(_folder["saved"]));
    }

    [Fact]
    public void Truncation_and_padding_of_a_tokenizer_json_are_read_past_and_not_saved()
    {
        JsonNode json = JsonNode.Parse(File.ReadAllText(Shared.Golden("checkpoints", "bert-tiny", "tokenizer.json")))!;
        json["truncation"] = JsonNode.Parse("""{"max_length": 4, "strategy": "LongestFirst", "stride": 0, "direction": "Right"}""");
        json["padding"] = JsonNode.Parse("""{"strategy": {"Fixed": 4}, "direction": "Right", "pad_id": 0, "pad_token": "[PAD]"}""");
        File.WriteAllText(_folder["tokenizer.json"], json.ToJsonString());
        ITokenizer tokenizer = Tokenizer.Load(_folder.Path);
        AssertEqual(Tokenizer.Load(Shared.Golden("checkpoints", "bert-tiny")), tokenizer);
        tokenizer.Save(_folder["saved"]);
        JsonNode saved = JsonNode.Parse(File.ReadAllText(_folder["saved", "tokenizer.json"]))!;
        Assert.Null(saved["truncation"]);
        Assert.Null(saved["padding"]);
    }

    [Fact]
    public void A_tokenizer_saved_from_a_vocabulary_alone_keeps_its_settings()
    {
        WriteConfig("""{"do_lower_case": false}""");
        ITokenizer tokenizer = LoadBert("A", "a");
        tokenizer.Save(_folder["saved"]);
        Assert.Equal([2, 5, 6, 4, 3], Tokenizer.Load(_folder["saved"]).Encode("A a[MASK]"));
    }

    [Fact]
    public void Many_threads_share_a_tokenizer()
    {
        ITokenizer tokenizer = Tokenizer.Load(Shared.Golden("checkpoints", "mpnet-tiny"));
        Dictionary<string, int[]> alone = TokenizerGoldens.Cases
            .DistinctBy(golden => golden.Text)
            .ToDictionary(golden => golden.Text, golden => tokenizer.Encode(golden.Text));
        Parallel.For(0, 4, _ => TokenizerGoldens.AssertIds(golden => alone[golden.Text], tokenizer));
    }

    [Fact]
    public void A_vocabulary_of_neither_family_is_refused()
    {
        File.WriteAllText(_folder["vocab.txt"], "a\nb\n");
        GenQException e = Assert.Throws<GenQException>(() => Tokenizer.Load(_folder.Path));
        Assert.Contains("[CLS]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_normalizer_that_BERT_does_not_have_is_refused_by_name()
    {
        JsonNode json = JsonNode.Parse(File.ReadAllText(Shared.Golden("checkpoints", "bert-tiny", "tokenizer.json")))!;
        json["normalizer"]!["type"] = "NFKC";
        File.WriteAllText(_folder["tokenizer.json"], json.ToJsonString());
        GenQException e = Assert.Throws<GenQException>(() => Tokenizer.Load(_folder.Path));
        Assert.Contains("NFKC", e.Message, StringComparison.Ordinal);
    }

    private static void AssertEqual(ITokenizer expected, ITokenizer actual)
    {
        Assert.Equal(expected.VocabularySize, actual.VocabularySize);
        TokenizerGoldens.AssertIds(golden => expected.Encode(golden.Text), actual);
    }

    private void WriteConfig(string json) => File.WriteAllText(_folder["tokenizer_config.json"], json);

    // [PAD] 0, [UNK] 1, [CLS] 2, [SEP] 3, [MASK] 4, then the pieces.
    private ITokenizer LoadBert(params string[] pieces)
    {
        File.WriteAllLines(_folder["vocab.txt"], ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. pieces]);
        return Tokenizer.Load(_folder.Path);
    }
}
