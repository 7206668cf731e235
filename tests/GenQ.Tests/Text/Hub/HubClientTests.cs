using System.Globalization;
using System.Text;
using GenQ.Data;
using GenQ.Text;

namespace GenQ.Tests.Hub;

public sealed class HubClientTests : IDisposable
{
    private const string Weights = "the weights, which are long enough to break off";

    private readonly TemporaryFolder _cache = new();
    private readonly FakeHub _hub = new(FakeHub.Encoder);

    private IEnumerable<string> FetchedWeights => _hub.Fetched.Where(fetch => fetch.StartsWith("model.safe", StringComparison.Ordinal));

    private HubOptions Options => new()
    {
        Endpoint = _hub.Server.Address,
        CacheFolder = _cache.Path,
        RetryDelay = TimeSpan.Zero,
        Retries = 2,
    };

    public void Dispose()
    {
        _hub.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public async Task A_model_lands_in_the_shared_cache_layout()
    {
        string folder = await DownloadAsync();
        Assert.Equal(_cache["models--org--model", "snapshots", FakeHub.Commit], folder);
        Assert.Equal(FakeHub.Commit, File.ReadAllText(_cache["models--org--model", "refs", "main"]));
        Assert.Equal(Weights, File.ReadAllText(Path.Combine(folder, "model.safetensors")));
        string hash = FakeHub.Hash("config.json", "{ }"u8.ToArray());
        Assert.Equal($"../../../blobs/{hash}", File.ResolveLinkTarget(Path.Combine(folder, "1_Pooling", "config.json"), false) is { } target
            ? Path.GetRelativePath(Path.Combine(folder, "1_Pooling"), target.FullName)
            : null);
    }

    [Fact]
    public async Task Only_the_files_that_are_read_are_downloaded_and_only_once()
    {
        string folder = await DownloadAsync();
        IEnumerable<string> files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file));
        Assert.Equal(["1_Pooling/config.json", "config.json", "model.safetensors", "modules.json", "vocab.txt"], files.Order());
        Assert.Equal(5, _hub.Fetched.Count());
        await DownloadAsync();
        Assert.Equal(5, _hub.Fetched.Count());
    }

    [Fact]
    public async Task Progress_counts_the_bytes_of_all_files()
    {
        Recorder progress = new();
        using HubClient client = new(Options);
        await client.DownloadAsync("org/model", progress: progress, cancellation: TestContext.Current.CancellationToken);
        DownloadProgress last = progress.Reports[^1];
        Assert.Equal(Weights.Length + "{}".Length + "{ }".Length + "[UNK]".Length + "[]".Length, last.TotalBytes);
        Assert.Equal(last.TotalBytes, last.Bytes);
        Assert.Equal(progress.Reports.Select(report => report.Bytes).Order(), progress.Reports.Select(report => report.Bytes));
    }

    [Fact]
    public async Task A_download_that_breaks_off_goes_on_from_there()
    {
        _hub.Spoil = (request, answer) => IsWeights(request) && answer.Status == 200 ? answer with { BreakOffAt = 10 } : answer;
        string folder = await DownloadAsync();
        Assert.Equal(Weights, File.ReadAllText(Path.Combine(folder, "model.safetensors")));
        Assert.Equal(["model.safetensors", "model.safetensors bytes=10-"], FetchedWeights);
    }

    [Fact]
    public async Task A_later_run_goes_on_where_an_earlier_one_gave_up()
    {
        _hub.Spoil = (request, answer) =>
            IsWeights(request) ? answer with { BreakOffAt = request.Headers.ContainsKey("Range") ? 0 : 10 } : answer;
        GenQException e = await AssertFailsAsync("'model.safetensors' of 'org/model' broke off at 10 of 47 bytes");
        Assert.IsType<HttpRequestException>(e.InnerException, exactMatch: false);
        _hub.Spoil = (_, answer) => answer;
        int before = _hub.Server.Requests.Count;
        string folder = await DownloadAsync();
        Assert.Equal(Weights, File.ReadAllText(Path.Combine(folder, "model.safetensors")));
        Assert.Contains(_hub.Server.Requests.Skip(before), request => IsWeights(request) && request.Headers.ContainsKey("Range"));
    }

    [Fact]
    public async Task Downloads_of_one_model_at_once_share_the_work()
    {
        string[] folders = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => DownloadAsync()));
        Assert.Single(folders.Distinct());
        Assert.Equal(Weights, File.ReadAllText(Path.Combine(folders[0], "model.safetensors")));
        Assert.Equal(5, _hub.Fetched.Count());
    }

    [Fact]
    public async Task A_download_waits_for_the_lock_that_another_program_holds()
    {
        string locks = _cache[".locks", "models--org--model"];
        Directory.CreateDirectory(locks);
        string hash = FakeHub.Hash("model.safetensors", Encoding.UTF8.GetBytes(Weights));
        Task<string> download;
        await using (new FileStream(Path.Combine(locks, hash + ".lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            download = DownloadAsync();
            await Task.WhenAny(download, Task.Delay(500, TestContext.Current.CancellationToken));
            Assert.False(download.IsCompleted);
            Assert.Empty(FetchedWeights);
        }

        Assert.Equal(Weights, File.ReadAllText(Path.Combine(await download, "model.safetensors")));
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_starts_the_file_anew()
    {
        int times = 0;
        _hub.Spoil = (request, answer) => IsWeights(request)
            ? new LocalServer.Answer(200, Encoding.UTF8.GetBytes(Weights), times++ == 0 ? 10 : int.MaxValue)
            : answer;
        string folder = await DownloadAsync();
        Assert.Equal(Weights, File.ReadAllText(Path.Combine(folder, "model.safetensors")));
    }

    [Fact]
    public async Task A_server_that_never_gets_further_is_given_up()
    {
        _hub.Spoil = (request, answer) => IsWeights(request)
            ? new LocalServer.Answer(200, Encoding.UTF8.GetBytes(Weights), 10)
            : answer;
        await AssertFailsAsync("broke off at 10 of 47 bytes");
        Assert.Equal(1 + Options.Retries, FetchedWeights.Count()); // the first brings ten bytes, no other more
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("vocab.txt")]
    public async Task Damaged_bytes_are_found_by_the_hash_and_thrown_away(string file)
    {
        _hub.Spoil = (request, answer) => request.Method == "GET" && request.Path.EndsWith(file, StringComparison.Ordinal)
            ? answer with { Body = [.. answer.Body.Select(b => (byte)'x')] }
            : answer;
        await AssertFailsAsync($"'{file}' of 'org/model' arrived damaged: its bytes do not have the hash");
        using HubClient client = new(Options);
        Assert.Null(client.FindCached("org/model", whole: false));
        _hub.Spoil = (_, answer) => answer;
        Assert.Equal(Weights, File.ReadAllText(Path.Combine(await DownloadAsync(), "model.safetensors")));
    }

    [Fact]
    public async Task A_file_that_is_too_long_is_refused()
    {
        _hub.Spoil = (request, answer) => IsWeights(request) ? answer with { Body = [.. answer.Body, 1] } : answer;
        await AssertFailsAsync("it is longer than the 47 bytes expected");
    }

    [Fact]
    public async Task Redirects_are_followed_but_the_token_stays_at_the_hub()
    {
        using LocalServer elsewhere = new(request => FakeHub.Slice(Encoding.UTF8.GetBytes(Weights), request));
        _hub.Spoil = (request, answer) => request.Path switch
        {
            var path when FakeHub.IsLarge(path) => new LocalServer.Answer(302, [])
            {
                Headers = new(answer.Headers) { ["Location"] = elsewhere.Address + "x" },
            },
            var path when path.StartsWith("/moved", StringComparison.Ordinal) => new LocalServer.Answer(200, "{}"u8.ToArray())
            {
                Headers = { ["ETag"] = $"W/\"{FakeHub.Hash("config.json", "{}"u8.ToArray())}\"" },
            },
            var path when path.EndsWith($"{FakeHub.Commit}/config.json", StringComparison.Ordinal) =>
                new LocalServer.Answer(307, []) { Headers = { ["Location"] = "/moved/config.json" } },
            _ => answer,
        };
        string folder = await DownloadAsync(Options with { Token = "secret" });
        Assert.Equal(Weights, File.ReadAllText(Path.Combine(folder, "model.safetensors")));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(folder, "config.json")));
        Assert.All(_hub.Server.Requests, request => Assert.Equal("Bearer secret", request.Headers["Authorization"]));
        Assert.Equal("GET", Assert.Single(elsewhere.Requests).Method); // hash and size are the hub's word
        Assert.All(elsewhere.Requests, request => Assert.False(request.Headers.ContainsKey("Authorization")));
    }

    [Fact]
    public async Task A_redirect_in_circles_ends()
    {
        _hub.Spoil = (request, _) => new LocalServer.Answer(307, []) { Headers = { ["Location"] = request.Path } };
        await AssertFailsAsync("redirects in circles");
    }

    [Theory]
    [InlineData(401, null, "there is no such model, or it needs an access token. Check the name, or set HF_TOKEN")]
    [InlineData(401, "old", "the token in HF_TOKEN is not valid")]
    [InlineData(403, "token", "the model is gated. Ask for access on its page")]
    [InlineData(404, null, "has no model 'org/model' of revision 'main' (404). Check the name and the revision")]
    [InlineData(418, null, "answers 418 for model 'org/model'")]
    public async Task A_refusal_is_told_with_what_to_do(int status, string? token, string reason)
    {
        _hub.Spoil = (_, _) => new LocalServer.Answer(status, []);
        await AssertFailsAsync(reason, Options with { Token = token });
        Assert.Single(_hub.Server.Requests);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    public async Task A_busy_server_is_asked_again(int status)
    {
        int requests = 0;
        _hub.Spoil = (_, answer) => requests++ % 2 == 0 ? new LocalServer.Answer(status, []) : answer;
        Assert.Equal(Weights, File.ReadAllText(Path.Combine(await DownloadAsync(), "model.safetensors")));
    }

    [Fact]
    public async Task A_server_that_stays_busy_is_given_up()
    {
        _hub.Spoil = (_, _) => new LocalServer.Answer(503, []);
        await AssertFailsAsync("cannot be reached: the server answered 503.");
        Assert.Equal(3, _hub.Server.Requests.Count);
    }

    [Fact]
    public void A_server_that_falls_silent_is_said_to_be()
        => Assert.Equal("the server stopped in the middle of its answer, and was silent for 30 s.", HubClient.Reason(new TaskCanceledException()));

    [Fact]
    public async Task A_hub_that_is_not_there_is_told_at_once()
    {
        _hub.Dispose();
        await AssertFailsAsync($"{_hub.Server.Address} cannot be reached", Options with { RetryDelay = TimeSpan.FromHours(1) });
    }

    [Fact]
    public async Task Something_that_is_no_hub_is_told_from_one()
    {
        _hub.Spoil = (_, _) => new LocalServer.Answer(200, "<html>"u8.ToArray());
        await AssertFailsAsync("does not answer like a Hugging Face hub");
    }

    [Fact]
    public async Task A_model_without_readable_weights_is_told_what_it_has()
    {
        using FakeHub hub = new(("config.json", "{}"), ("flax_model.msgpack", "x"));
        await AssertFailsAsync(
            "expected config.json and model.safetensors or pytorch_model.bin, got config.json, flax_model.msgpack",
            Options with { Endpoint = hub.Server.Address });
    }

    [Fact]
    public async Task Offline_a_cached_model_is_found_and_another_is_refused()
    {
        HubOptions offline = Options with { Offline = true };
        await AssertFailsAsync("'org/model' (revision main) is not in the cache", offline);
        Assert.Empty(_hub.Server.Requests);
        string folder = await DownloadAsync();
        int before = _hub.Server.Requests.Count;
        Assert.Equal(folder, await DownloadAsync(offline));
        Assert.Equal(before, _hub.Server.Requests.Count);
    }

    [Fact]
    public async Task A_revision_is_asked_for_and_remembered_by_its_name()
    {
        using HubClient client = new(Options);
        await client.DownloadAsync("org/model", "refs/pr/1", cancellation: TestContext.Current.CancellationToken);
        Assert.Contains(_hub.Server.Requests, request => request.Path == "/api/models/org/model/revision/refs%2Fpr%2F1");
        Assert.NotNull(client.FindCached("org/model", "refs/pr/1"));
        Assert.NotNull(client.FindCached("org/model", FakeHub.Commit));
        Assert.Null(client.FindCached("org/model"));
    }

    [Fact]
    public async Task Cancelling_keeps_what_has_arrived()
    {
        using CancellationTokenSource cancellation = new();
        _hub.Spoil = (request, answer) =>
        {
            if (IsWeights(request) && request.Headers.ContainsKey("Range")) cancellation.Cancel();
            return IsWeights(request) ? answer with { BreakOffAt = 10 } : answer;
        };
        using HubClient client = new(Options);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.DownloadAsync("org/model", cancellation: cancellation.Token));
        Assert.True(new FileInfo(Assert.Single(Directory.GetFiles(_cache["models--org--model", "blobs"], "*.incomplete"))).Length >= 10);
    }

    [Theory]
    [InlineData("model", "main", "is not a model's name")]
    [InlineData("../model", "main", "is not a model's name")]
    [InlineData("org/model", "../../x", "is not a revision")]
    public async Task Names_and_revisions_cannot_leave_the_cache(string name, string revision, string reason)
    {
        using HubClient client = new(Options);
        GenQException e = await Assert.ThrowsAsync<GenQException>(
            () => client.DownloadAsync(name, revision, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains(reason, e.Message);
    }

    private static bool IsWeights(LocalServer.Request request) => request.Method == "GET" && FakeHub.IsLarge(request.Path);

    private async Task<string> DownloadAsync(HubOptions? options = null)
    {
        using HubClient client = new(options ?? Options);
        return await client.DownloadAsync("org/model", cancellation: TestContext.Current.CancellationToken);
    }

    private async Task<GenQException> AssertFailsAsync(string reason, HubOptions? options = null)
    {
        GenQException e = await Assert.ThrowsAsync<GenQException>(() => DownloadAsync(options));
        Assert.Contains(reason, e.Message);
        return e;
    }

    private sealed class Recorder : IProgress<DownloadProgress>
    {
        public List<DownloadProgress> Reports { get; } = [];

        public void Report(DownloadProgress value) => Reports.Add(value);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("data:,x")]
    public async Task A_redirect_to_what_is_no_web_address_is_refused(string location)
    {
        _hub.Spoil = (_, answer) => answer with { Status = 302, Headers = new() { ["Location"] = location } };
        GenQException e = await Assert.ThrowsAsync<GenQException>(() => DownloadAsync());
        Assert.Contains($"redirects to '{location}'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_too_long_to_be_one_is_refused()
    {
        _hub.Spoil = (request, answer) => request.Path.StartsWith("/api/", StringComparison.Ordinal) ? answer with { Body = new byte[(16 << 20) + 1] } : answer;
        GenQException e = await Assert.ThrowsAsync<GenQException>(() => DownloadAsync());
        Assert.Contains("more than 16,777,216 bytes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_answer_says_of_its_charset_does_not_matter()
    {
        _hub.Spoil = (_, answer) => answer with { Headers = new(answer.Headers) { ["Content-Type"] = "application/json; charset=bogus" } };
        Assert.True(Directory.Exists(await DownloadAsync()));
    }

    [Fact]
    public async Task A_size_that_no_file_has_is_refused()
    {
        _hub.Spoil = (_, answer) => answer with { Headers = new(answer.Headers) { ["X-Linked-Size"] = long.MaxValue.ToString(CultureInfo.InvariantCulture) } };
        await Assert.ThrowsAsync<GenQException>(() => DownloadAsync());
    }

    [Fact]
    public async Task A_repository_with_more_files_than_a_model_is_refused()
    {
        using FakeHub many = new([.. FakeHub.Encoder, .. Enumerable.Range(0, 2000).Select(i => ($"{i}_A/config.json", "{}"))]);
        using HubClient client = new(Options with { Endpoint = many.Server.Address });
        GenQException e = await Assert.ThrowsAsync<GenQException>(() => client.DownloadAsync("org/model", cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("expected at most 2,000", e.Message, StringComparison.Ordinal);
    }
}
