using GenQ.Cli.Commands;
using GenQ.Tests.Hub;
using GenQ.Text;

namespace GenQ.Tests.Cli;

[Collection(ConsoleRun.Collection)]
public sealed class DownloadCommandTests
{
    [Fact]
    public async Task The_folder_alone_is_printed_on_stdout()
    {
        using TemporaryFolder cache = new();
        using FakeHub hub = new(FakeHub.Encoder);
        HubOptions options = new() { Endpoint = hub.Server.Address, CacheFolder = cache.Path };
        ConsoleRun run = await ConsoleRun.OfAsync("", () => DownloadCommand.Create(options).Parse(["org/model"]).InvokeAsync());
        Assert.Equal(0, run.ExitCode);
        string folder = Assert.Single(run.Lines);
        Assert.True(File.Exists(Path.Combine(folder, "model.safetensors")));
        Assert.Contains("downloading", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_name_is_an_error()
    {
        ConsoleRun run = await ConsoleRun.OfAsync("", "download", "not a name");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("'not a name' is not a model's name", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }
}
