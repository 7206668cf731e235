using GenQ.Data;
using GenQ.Text;

namespace GenQ.Tests.Tokenization;

public sealed class TokenizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_file_comes_before_a_tokenizer_json_and_that_before_a_vocabulary()
    {
        TokenizerGoldens.Place("mpnet-vocab.txt", _folder, "vocab.txt");
        Assert.Equal(30527, Tokenizer.Load(_folder.Path).VocabularySize);
        File.Copy(Shared.Golden("checkpoints", "bert-tiny", "tokenizer.json"), _folder["tokenizer.json"]);
        Assert.Equal(4996, Tokenizer.Load(_folder.Path).VocabularySize);
        TokenizerGoldens.Place("t5-8k.spiece.model", _folder, "spiece.model");
        Assert.Equal(8000, Tokenizer.Load(_folder.Path).VocabularySize);
    }

    [Fact]
    public void The_files_of_an_old_sentence_transformers_folder_are_found_in_its_transformer()
    {
        Directory.CreateDirectory(_folder["0_Transformer"]);
        TokenizerGoldens.Place("t5-8k.spiece.model", _folder, Path.Combine("0_Transformer", "spiece.model"));
        Assert.Equal(8000, Tokenizer.Load(_folder.Path).VocabularySize);
    }

    [Theory]
    [InlineData("""{"model": {"type": "BPE", "vocab": {}, "merges": []}}""", "BPE")]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {}}}""", "WordLevel")]
    public void An_unsupported_model_is_named_with_those_supported(string json, string type)
    {
        File.WriteAllText(_folder["tokenizer.json"], json);
        GenQException e = Assert.Throws<GenQException>(() => Tokenizer.Load(_folder.Path));
        Assert.Contains($"type {type}; supported are Unigram (T5, XLM-R) and WordPiece (BERT, MPNet)", e.Message, StringComparison.Ordinal);
        Assert.Contains(_folder["tokenizer.json"], e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_are_named()
    {
        GenQException e = Assert.Throws<GenQException>(() => Tokenizer.Load(_folder.Path));
        Assert.Contains("spiece.model, tokenizer.json, sentencepiece.bpe.model, vocab.txt", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Byte_level_BPE_is_named()
    {
        File.WriteAllText(_folder["vocab.json"], "{}");
        File.WriteAllText(_folder["merges.txt"], "");
        GenQException e = Assert.Throws<GenQException>(() => Tokenizer.Load(_folder.Path));
        Assert.Contains("byte-level BPE (vocab.json, merges.txt), as RoBERTa's", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        GenQException e = Assert.Throws<GenQException>(() => Tokenizer.Load(_folder["nowhere"]));
        Assert.Contains($"no folder '{_folder["nowhere"]}'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("tokenizer_config.json")]
    public void A_file_that_is_no_JSON_is_named(string name)
    {
        File.WriteAllText(_folder["vocab.txt"], "[PAD]\n[UNK]\n[CLS]\n[SEP]\n");
        File.WriteAllText(_folder[name], "<html>");
        GenQException e = Assert.Throws<GenQException>(() => Tokenizer.Load(_folder.Path));
        Assert.Contains(_folder[name], e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_that_is_longer_than_any_piece_is_refused()
    {
        string piece = new('a', InputLimits.PieceBytes + 1);
        File.WriteAllText(_folder["vocab.txt"], $"[CLS]\n[SEP]\n[PAD]\n[UNK]\n{piece}\n");
        Assert.Contains("longer than the 2048 bytes that a piece may have", Refused(), StringComparison.Ordinal);
        File.WriteAllText(_folder["tokenizer.json"], Unigram($"[\"{piece}\", -1]"));
        Assert.Contains("longer than the 2048 bytes that a piece may have", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"added_tokens": [null]}""")]
    [InlineData("""{"model": {"type": "WordPiece", "vocab": {"\ud800": 1}}}""")]
    [InlineData("""{"model": {"type": "WordPiece", "vocab": {"a": 2000000000}}}""")]
    [InlineData("""{"model": {"type": "WordPiece", "vocab": {"a": 1}}, "post_processor": {"type": "BertProcessing", "cls": ["a", "1"], "sep": ["a", 1]}}""")]
    [InlineData("""{"normalizer": {"type": "Sequence", "normalizers": [null]}, "model": {"type": "WordPiece", "vocab": {}}}""")]
    [InlineData("null")]
    public void A_hostile_tokenizer_json_is_refused_by_its_name(string json)
    {
        File.WriteAllText(_folder["tokenizer.json"], json);
        Assert.Contains(_folder["tokenizer.json"], Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_around_every_text_is_one_of_the_vocabulary()
    {
        File.WriteAllText(_folder["tokenizer.json"], Unigram("[\"a\", -1]").Replace("\"ids\": [1]", "\"ids\": [77777]", StringComparison.Ordinal));
        Assert.Contains("puts the id 77777 around every text", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_a_unigram_tokenizer_stands_once()
    {
        File.WriteAllText(_folder["tokenizer.json"], Unigram("[\"a\", -1]").Replace("{\"post", "{\"added_tokens\": [], \"added_tokens\": [], \"post", StringComparison.Ordinal));
        Assert.Contains($"'{_folder["tokenizer.json"]}' is not valid JSON", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_of_normalization_that_lead_nowhere_are_refused_when_they_are_read()
    {
        // One unit of the array, which says that the replacement at byte 256 is its own.
        File.WriteAllText(_folder["tokenizer.json"], Unigram("[\"a\", -1]").Replace("{\"post", "{\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"BAAAAAABAAA=\"}, \"post", StringComparison.Ordinal));
        Assert.Contains("its normalization rules (8 bytes) are damaged", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"added_tokens_decoder": {"99999999999": {"content": "a"}}}""")]
    [InlineData("""{"added_tokens_decoder": {"-1": {"content": "a"}}}""")]
    [InlineData("""{"extra_ids": -5}""")]
    [InlineData("""{"pad_token": "\ud800"}""")]
    [InlineData("""{"pad_token": "a", "pad_token": "b"}""")]
    public void A_hostile_tokenizer_config_is_refused_by_its_name(string json)
    {
        File.WriteAllText(_folder["vocab.txt"], "[CLS]\n[SEP]\n[PAD]\n[UNK]\n");
        File.WriteAllText(_folder["tokenizer_config.json"], json);
        Assert.Contains(_folder["tokenizer_config.json"], Refused(), StringComparison.Ordinal);
    }

    private string Refused() => Assert.Throws<GenQException>(() => Tokenizer.Load(_folder.Path)).Message;

    private static string Unigram(string piece) => $$$$"""
        {"post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "</s>"}}], "special_tokens": {"</s>": {"ids": [1]}}},
         "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["</s>", 0], {{{{piece}}}}]}}
        """;
}
