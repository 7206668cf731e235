using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Extensions.Tests;
using GenQ.Onnx;
using GenQ.Retrieval;
using GenQ.Text;
using Microsoft.Extensions.DependencyInjection;

namespace GenQ.Web.Tests;

/// <summary>A server on a port of the loopback, over a tiny run whose documents lie beside it.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Passages = "the pump is oiled every week|the valve leaks when the pumps run|the lamp glows";

    private readonly TinyRun _run;
    private SearchServer? _server;

    private TestServer(TinyRun run) => _run = run;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    public RunFolder Run => _run.Run;

    public SearchServer Server => _server!;

    /// <summary>Where the documents lie; beside the run.</summary>
    public string Documents => Path.Combine(Path.GetDirectoryName(_run.Folder)!, "documents");

    public static async Task<TestServer> StartAsync(
        Func<SearchServerOptions, SearchServerOptions>? options = null, Action<IServiceCollection>? services = null, Action<TestServer>? prepare = null)
    {
        TestServer server = new(new TinyRun(Passages.Split('|')));
        server.WriteDocuments();
        prepare?.Invoke(server);
        SearchServerOptions asked = new(server._run.Folder) { Port = 0 };
        server._server = await SearchServer.StartAsync(options?.Invoke(asked) ?? asked, services);
        server.Client.BaseAddress = server._server.Address;
        return server;
    }

    /// <summary>Writes a document for each passage, and the settings that name their folder.</summary>
    public void WriteDocuments()
    {
        Directory.CreateDirectory(Documents);
        for (int i = 0; i < 3; i++) File.WriteAllText(Path.Combine(Documents, $"file{i}.md"), $"# File {i}\n");
        JsonObject records = JsonNode.Parse(File.ReadAllText(Run.Settings))!.AsObject();
        records["settings"] = SettingsSchema<GenQSettings>.ToJson(new GenQSettings { Corpus = CorpusSource.Documents(Documents), Base = TinyRun.Model });
        File.WriteAllText(Run.Settings, records.ToJsonString());
    }

    /// <summary>Makes the run one that has read a file of another name.</summary>
    public void ReadFrom(string before, string now)
    {
        string hash = Fingerprint.OfFile(Run.Passages);
        File.WriteAllText(Run.Passages, File.ReadAllText(Run.Passages).Replace(before, now, StringComparison.Ordinal));
        File.WriteAllText(Run.Settings, File.ReadAllText(Run.Settings).Replace(hash, Fingerprint.OfFile(Run.Passages), StringComparison.Ordinal));
    }

    /// <summary>Writes generated queries: two for the first passage, of which the filter has dropped one, and one for the second, which is set aside.</summary>
    public void WriteQueries()
    {
        PairFiles.Write(Run.Pairs, 0, [new("how often is the pump oiled", "-"), new("pump", "-")], [new("p0", 0, PairKind.Generated, null), new("p0", 1, PairKind.Generated, null)]);
        File.WriteAllLines(Run.Filter, ["""{"pair": 0, "verdict": "Kept"}""", """{"pair": 1, "verdict": "OneWord"}"""]);
        PairFiles.Write(Run.HeldOutPairs, 0, [new("why does the valve leak", "-")], [new("p1", 0, PairKind.Generated, null)]);
        File.WriteAllLines(Run.HeldOutQueries, ["""{"_id": "p1?0", "text": "why does the valve leak"}"""]);
    }

    /// <summary>Writes the base's vectors, with the tiny model as its own base.</summary>
    public void WriteBaseVectors()
    {
        GenQSettings settings = new RunLedger(Run.Settings).Settings;
        RunState state = new(Run);
        using OnnxEncoder encoder = OnnxEncoder.OfRun(Run);
        string name = $"{state.HashOf(settings.Base)} {state.PassagesHash} {settings.PrecisionInUse}";
        PassageIndex.Write(
            Path.Combine(Run.BaseVectors, "passages.vectors"), name, encoder.Dimensions,
            encoder.EncodePassages([.. state.Passages.Select(passage => passage.SearchText)]).Select(vector => (ReadOnlyMemory<float>)vector));
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        using HttpResponseMessage answer = await Client.GetAsync(path);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    public async Task<JsonNode> PostAsync(string path, string json)
    {
        using HttpResponseMessage answer = await Client.PostAsync(path, Json(json));
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    /// <summary>Checks that a request is refused with a problem in words, and without a stack trace.</summary>
    public static async Task<string> RefusedAsync(HttpStatusCode status, Task<HttpResponseMessage> request)
    {
        using HttpResponseMessage answer = await request;
        string body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode}: {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        JsonNode problem = JsonNode.Parse(body)!;
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        return (string)problem["detail"]!;
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _run.Dispose();
    }
}
