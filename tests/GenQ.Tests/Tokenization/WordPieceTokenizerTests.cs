using GenQ.Models;

namespace GenQ.Tests.Tokenization;

public sealed class WordPieceTokenizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mpnet.tokenizer.json.gz", "tokenizer.json")]
    [InlineData("mpnet-vocab.txt", "vocab.txt")]
    public void Every_golden_text_has_the_ids_of_Hugging_Face(string golden, string name)
    {
        TokenizerGoldens.Place(golden, _folder, name);
        ITokenizer tokenizer = Tokenizer.Load(_folder.Path);
        string[] different =
        [
            .. TokenizerGoldens.Cases
                .Where(golden => !tokenizer.Encode(golden.Text).AsSpan().SequenceEqual(golden.HfMpnet))
                .Select(golden => $"{golden.Class}: {golden.Text}"),
        ];
        Assert.Empty(different);
    }
}
