using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Tests.Encoders;

namespace GenQ.Tests.Cli;

[Collection(ConsoleRun.Collection)]
public sealed class EmbedCommandTests : IDisposable
{
    private readonly EncoderGolden _golden = new("mpnet-tiny");

    private string Input => string.Concat(_golden.Texts.Select(text => JsonSerializer.Serialize(text) + "\n"));

    public void Dispose() => _golden.Dispose();

    [Theory]
    [InlineData("256")]
    [InlineData("3")]
    public async Task The_vectors_are_those_of_the_reference_in_the_order_of_the_lines(string batchSize)
    {
        ConsoleRun run = await ConsoleRun.OfAsync(
            Input, "embed", "--model", _golden.Folder, "--json-lines", "--precision", "fp32", "--batch-size", batchSize);
        Assert.Equal(0, run.ExitCode);
        EncoderGolden.AssertClose(_golden["embeddings"], Vectors(run), 2e-5);
    }

    [Fact]
    public async Task Each_line_is_answered_by_one_line_also_an_empty_one()
    {
        ConsoleRun run = await ConsoleRun.OfAsync("\nA short one.\n\n", "embed", "--model", _golden.Folder, "--precision", "fp32");
        Assert.Equal(3, run.Lines.Length);
        Assert.Equal(run.Lines[0], run.Lines[2]);
        Assert.NotEqual(run.Lines[0], run.Lines[1]);
    }

    [Fact]
    public async Task A_text_longer_than_the_model_reads_is_cut()
    {
        string words = string.Join(' ', Enumerable.Repeat("python", 100));
        ConsoleRun run = await ConsoleRun.OfAsync($"{words}\n{words} and more\n", "embed", "--model", _golden.Folder, "--precision", "fp32");
        float[][] vectors = Vectors(run);
        Assert.All(vectors[0].Zip(vectors[1]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public async Task The_prompt_of_the_kind_is_put_in_front()
    {
        using TemporaryFolder folder = new();
        _golden.CopyTo(folder.Path);
        JsonObject prompts = new() { ["query"] = "ask: ", ["document"] = "tell: " };
        File.WriteAllText(folder["config_sentence_transformers.json"], new JsonObject { ["prompts"] = prompts }.ToJsonString());
        async Task<string> EmbedAsync(string text, params string[] kind)
            => (await ConsoleRun.OfAsync($"{text}\n", ["embed", "--model", folder.Path, "--precision", "fp32", .. kind])).Output;
        Assert.NotEqual(await EmbedAsync("ask: python"), await EmbedAsync("tell: python"));
        Assert.Equal(await EmbedAsync("ask: python"), await EmbedAsync("python", "--as", "query"));
        Assert.Equal(await EmbedAsync("tell: python"), await EmbedAsync("python", "--as", "passage"));
        Assert.Equal(await EmbedAsync("python"), await EmbedAsync("python", "--as", "text"));
    }

    private static float[][] Vectors(ConsoleRun run) => [.. run.Lines.Select(line => JsonSerializer.Deserialize<float[]>(line)!)];
}
