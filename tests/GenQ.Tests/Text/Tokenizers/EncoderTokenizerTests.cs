using GenQ.Models;
using GenQ.Text;

namespace GenQ.Tests.Tokenization;

public sealed class EncoderTokenizerTests
{
    public static TheoryData<string> Encoders
        => [.. Directory.GetDirectories(Shared.Golden("checkpoints")).Where(folder => File.Exists(Path.Combine(folder, "modules.json"))).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Encoders))]
    public void It_counts_and_limits_as_the_encoder_does(string checkpoint)
    {
        string folder = Shared.Golden("checkpoints", checkpoint);
        EncoderTokenizer tokenizer = EncoderTokenizer.Load(folder);
        using BiEncoder encoder = BiEncoder.Load(folder);
        Assert.Equal(encoder.MaxSequenceLength, tokenizer.MaxSequenceLength);
        foreach (string text in (string[])["", "Python is a language.", "Ünïcödé  and\ttabs"]) Assert.Equal(encoder.CountTokens(text), tokenizer.CountTokens(text));
    }
}
