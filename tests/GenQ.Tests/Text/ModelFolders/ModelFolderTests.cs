using GenQ.Data;
using GenQ.Text;

namespace GenQ.Tests.Hub;

public sealed class ModelFolderTests : IDisposable
{
    private readonly TemporaryFolder _cache = new();
    private readonly FakeHub _hub = new(FakeHub.Encoder);

    private HubOptions Options => new()
    {
        Endpoint = _hub.Server.Address,
        CacheFolder = _cache.Path,
        RetryDelay = TimeSpan.Zero,
        Retries = 0,
    };

    public void Dispose()
    {
        _hub.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public void A_folder_is_its_own_answer() => Assert.Equal(_cache.Path, ModelFolder.Resolve(_cache.Path));

    [Theory]
    [InlineData("no-such-model")]
    [InlineData("./models/none")]
    [InlineData("a/b/c")]
    public void Neither_a_folder_nor_a_name_is_told_as_both(string text)
    {
        GenQException e = Assert.Throws<GenQException>(() => ModelFolder.Resolve(text));
        Assert.Contains($"'{text}' is neither a folder here nor a model's name on the hub", e.Message);
    }

    [Fact]
    public void A_mini_model_that_is_not_there_is_told_with_its_package()
    {
        GenQException e = Assert.Throws<GenQException>(() => ModelFolder.Resolve("genq-mini-absent"));
        Assert.Contains("Reference the package GenQ.MiniModels", e.Message);
    }

    [Fact]
    public async Task A_name_is_downloaded_once_and_then_found_without_the_network()
    {
        string folder = await ResolveAsync();
        int before = _hub.Server.Requests.Count;
        Assert.Equal(folder, await ResolveAsync());
        Assert.Equal(before, _hub.Server.Requests.Count);
    }

    [Fact]
    public async Task A_model_without_modules_is_found_without_the_network_once_that_is_known()
    {
        using FakeHub plain = new(("config.json", "{}"), ("pytorch_model.bin", "weights"), ("spiece.model", "pieces"));
        HubOptions options = Options with { Endpoint = plain.Server.Address };
        string folder = await ResolveAsync(options);
        int before = plain.Server.Requests.Count;
        Assert.Equal(folder, await ResolveAsync(options));
        Assert.Equal(before, plain.Server.Requests.Count);
    }

    [Fact]
    public async Task What_another_library_left_out_is_fetched_and_the_rest_is_not()
    {
        CacheAsTransformersDoes();
        string folder = await ResolveAsync();
        Assert.Equal("[]", File.ReadAllText(Path.Combine(folder, "modules.json")));
        Assert.DoesNotContain("model.safetensors", _hub.Fetched);
    }

    [Fact]
    public async Task Without_a_network_what_another_library_cached_has_to_do()
    {
        string folder = CacheAsTransformersDoes();
        _hub.Dispose();
        Assert.Equal(folder, await ResolveAsync());
    }

    [Fact]
    public async Task A_link_without_its_blob_is_not_taken_for_a_file()
    {
        string folder = await ResolveAsync();
        File.Delete(File.ResolveLinkTarget(Path.Combine(folder, "model.safetensors"), true)!.FullName);
        await ResolveAsync();
        Assert.Equal(2, _hub.Fetched.Count(fetch => fetch == "model.safetensors"));
    }

    // AutoModel.from_pretrained of a sentence encoder: the network and its tokenizer alone.
    private string CacheAsTransformersDoes()
    {
        string folder = _cache["models--org--model", "snapshots", FakeHub.Commit];
        Directory.CreateDirectory(folder);
        foreach ((string name, string content) in FakeHub.Encoder.Take(3)) File.WriteAllText(Path.Combine(folder, name), content);
        Directory.CreateDirectory(_cache["models--org--model", "refs"]);
        File.WriteAllText(_cache["models--org--model", "refs", "main"], FakeHub.Commit);
        return folder;
    }

    private Task<string> ResolveAsync(HubOptions? options = null) =>
        ModelFolder.ResolveAsync("org/model", options ?? Options, cancellation: TestContext.Current.CancellationToken);
}
