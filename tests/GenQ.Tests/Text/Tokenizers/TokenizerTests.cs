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
}
