using GenQ.Data;
using GenQ.Models;

namespace GenQ.Tests.T5;

public sealed class DecodingOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_mini_generator_brings_what_its_preset_has()
        => Assert.Equal(
            new DecodingOptions { Temperature = 0.6, Count = 6, Candidates = 4, LogprobThreshold = -0.7, WindowWords = 22, NoRepeatNgram = 3, OnlyKnownWords = true, MaxLength = 40 },
            DecodingOptions.Of(Path.Combine(Shared.Root, "models", "genq-mini-t5")));

    [Fact]
    public void A_file_that_samples_says_how()
    {
        Write("""{"do_sample": true, "temperature": 0.7, "top_k": 0, "top_p": 0.9, "max_length": 32, "num_return_sequences": 5, "num_beams": 1, "pad_token_id": 0}""");
        Assert.Equal(new DecodingOptions { Temperature = 0.7, TopK = 0, TopP = 0.9, MaxLength = 32, Count = 5 }, DecodingOptions.Of(_folder.Path));
    }

    [Theory]
    [InlineData("""{"do_sample": true}""")]
    [InlineData("""{"do_sample": true, "temperature": null, "top_k": null}""")]
    [InlineData("""{"do_sample": false, "temperature": 0.2, "num_return_sequences": 9}""")]
    [InlineData("""{"temperature": 0.2}""")]
    [InlineData("{}")]
    public void What_a_file_does_not_say_is_as_published(string content)
    {
        Write(content);
        Assert.Equal(new DecodingOptions(), DecodingOptions.Of(_folder.Path));
    }

    [Fact]
    public void A_folder_without_the_file_is_as_published() => Assert.Equal(new DecodingOptions(), DecodingOptions.Of(_folder.Path));

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"do_sample": true, "temperature": "warm"}""")]
    [InlineData("""{"do_sample": true, "temperature": 0}""")]
    [InlineData("""{"do_sample": true, "top_k": 5.5}""")]
    public void A_broken_file_is_named(string content)
    {
        Write(content);
        Assert.Contains(_folder["generation_config.json"], Assert.Throws<GenQException>(() => DecodingOptions.Of(_folder.Path)).Message, StringComparison.Ordinal);
    }

    private void Write(string content) => File.WriteAllText(_folder["generation_config.json"], content);
}
