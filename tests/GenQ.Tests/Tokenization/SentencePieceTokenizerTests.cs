using GenQ.Models;

namespace GenQ.Tests.Tokenization;

public sealed class SentencePieceTokenizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("t5-8k.spiece.model", "spiece.model")]
    [InlineData("t5-8k.tokenizer.json.gz", "tokenizer.json")]
    public void Every_golden_text_has_the_ids_of_SentencePiece_and_the_end(string golden, string name)
    {
        TokenizerGoldens.Place(golden, _folder, name);
        ITokenizer tokenizer = Tokenizer.Load(_folder.Path);
        string[] different =
        [
            .. TokenizerGoldens.Cases
                .Where(golden => !tokenizer.Encode(golden.Text).AsSpan().SequenceEqual([.. golden.Sentencepiece, 1]))
                .Select(golden => $"{golden.Class}: {golden.Text}"),
        ];
        Assert.Equal(3189, TokenizerGoldens.Cases.Count);
        Assert.Empty(different);
    }
}
