using System.Net;
using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Extensions.Tests;
using GenQ.Onnx;
using Microsoft.Extensions.DependencyInjection;

namespace GenQ.Web.Tests;

public sealed class SearchApiTests
{
    [Fact]
    public async Task A_search_gives_hits_with_where_they_come_from_and_why()
    {
        await using TestServer server = await TestServer.StartAsync(prepare: own => own.WriteQueries());
        JsonNode found = await server.GetAsync("/api/search?q=pumps+that+are+oiled&top=2");
        Assert.Equal(("run", "adapted", "both", .5f), ((string)found["run"]!, (string)found["model"]!, (string)found["by"]!, (float)found["words"]!));
        JsonArray hits = found["hits"]!.AsArray();
        Assert.Equal(2, hits.Count);
        JsonNode hit = hits.Single(own => (string)own!["id"]! == "p0")!;
        Assert.Equal(("Title 0", "file0.md", 1, "/runs/run/documents/file0.md#page=1"), ((string)hit["title"]!, (string)hit["source"]!, (int)hit["page"]!, (string)hit["link"]!));

        // "pump" and "oiled": the stems of the query's "pumps" and "oiled".
        Assert.Equal("[[4,8],[12,17]]", hit["matches"]!.ToJsonString());
        Assert.Equal(1, (int)hit["why"]!["words"]!["rank"]!);
        Assert.InRange((double)hit["why"]!["meaning"]!["score"]!, -1, 1);
        Assert.InRange((int)hit["why"]!["meaning"]!["rank"]!, 1, 3);
        Assert.Equal("how often is the pump oiled", (string)hit["why"]!["training_query"]!);
    }

    [Fact]
    public async Task A_search_by_words_finds_no_passage_without_a_word_and_says_so_of_its_rank()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(["p2"], Ids(await server.GetAsync("/api/search?q=lamp&by=words")));
        JsonArray all = (await server.GetAsync("/api/search?q=lamp&by=meaning"))["hits"]!.AsArray();
        Assert.Equal(3, all.Count);
        Assert.Null(all.Single(hit => (string)hit!["id"]! == "p0")!["why"]!["words"]!["rank"]);
    }

    [Fact]
    public async Task The_weight_of_words_can_be_chosen()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonNode meaning = await server.GetAsync("/api/search?q=lamp&by=meaning"), weightless = await server.GetAsync("/api/search?q=lamp&words=0");
        Assert.Equal(Ids(meaning), Ids(weightless));
        Assert.Equal(0, (float)weightless["words"]!);
    }

    [Fact]
    public async Task Hits_can_be_asked_of_one_file_while_facets_count_all()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonNode found = await server.GetAsync("/api/search?q=the+pump&in=file2.md");
        Assert.Equal(["p2"], Ids(found));
        Assert.Equal("""[{"path":"file0.md","hits":1},{"path":"file1.md","hits":1},{"path":"file2.md","hits":1}]""", found["facets"]!.ToJsonString());
        Assert.Empty(Ids(await server.GetAsync("/api/search?q=the+pump&in=file")));
    }

    [Theory]
    [InlineData("/api/search", "'q' is empty: say what you are looking for.")]
    [InlineData("/api/search?q=+", "'q' is empty: say what you are looking for.")]
    [InlineData("/api/search?q=a&top=0", "'top' must be 1 to 100, got 0.")]
    [InlineData("/api/search?q=a&top=101", "'top' must be 1 to 100, got 101.")]
    [InlineData("/api/search?q=a&words=-1", "'words' must be 0 to 2, got -1.")]
    [InlineData("/api/search?q=a&words=0,3", "'words' must be a number with a point, such as 0.3, got '0,3'.")]
    [InlineData("/api/search?q=a&words=NaN", "'words' must be 0 to 2, got NaN.")]
    [InlineData("/api/search?q=a&by=7", "'by' must be both, meaning or words, got '7'.")]
    [InlineData("/api/search?q=a&model=other", "'model' must be adapted or base, got 'other'.")]
    [InlineData("/api/search?q=a&top=many", "The request cannot be read: a parameter or the body is not as /openapi/v1.json describes it.")]
    public async Task A_wrong_parameter_is_told_with_what_would_do(string path, string words)
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(words, await TestServer.RefusedAsync(HttpStatusCode.BadRequest, server.Client.GetAsync(path)));
    }

    [Fact]
    public async Task A_query_may_have_two_thousand_characters_and_no_more()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.GetAsync($"/api/search?q={new string('ä', 2000)}");
        string words = await TestServer.RefusedAsync(HttpStatusCode.BadRequest, server.Client.GetAsync($"/api/search?q={new string('a', 2001)}"));
        Assert.Equal("'q' has 2,001 characters, expected are at most 2,000.", words);
    }

    [Fact]
    public async Task The_base_is_searched_where_the_run_has_kept_its_vectors()
    {
        int loaded = 0;
        string? folder = null;
        await using TestServer server = await TestServer.StartAsync(
            services: services => services.AddSingleton<BaseEncoder>(_ =>
            {
                loaded++;
                return OnnxEncoder.Load(new RunFolder(folder!).Onnx);
            }),
            prepare: own =>
            {
                own.WriteBaseVectors();
                folder = own.Run.Path;
            });
        Assert.Equal(0, loaded);
        JsonNode found = await server.GetAsync("/api/search?q=lamp&model=base");
        Assert.Equal("base", (string)found["model"]!);
        Assert.Equal(Ids(await server.GetAsync("/api/search?q=lamp")), Ids(found));
        await server.GetAsync("/api/search?q=pump&model=base");
        Assert.Equal(1, loaded);
    }

    [Fact]
    public async Task A_base_that_is_not_at_hand_is_told_with_the_reason()
    {
        await using TestServer server = await TestServer.StartAsync();
        string words = await TestServer.RefusedAsync(HttpStatusCode.NotFound, server.Client.GetAsync("/api/search?q=lamp&model=base"));
        Assert.StartsWith("The base is not at hand: ", words, StringComparison.Ordinal);
        Assert.Contains("The stage 'evaluate' of the run makes them.", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_are_listed_with_verdict_and_questions_to_begin_with()
    {
        await using TestServer server = await TestServer.StartAsync(prepare: own =>
        {
            own.WriteQueries();
            Directory.CreateDirectory(Path.GetDirectoryName(own.Run.Report)!);
            File.WriteAllText(own.Run.Report, """{"queries": 5, "difference": {"adapted - base": [0.01, 0.02, 0.03], "hybrid - hybrid(base)": [-0.01, 0.0, 0.01]}, "kind": "generated", "verdict": "better", "sentence": "It is better."}""");
        });
        JsonNode run = (await server.GetAsync("/api/runs"))[0]!;
        Assert.Equal(("run", 3, 3, .5f), ((string)run["name"]!, (int)run["passages"]!, (int)run["documents"]!, (float)run["words"]!));
        Assert.Equal("""{"word":"better","sentence":"It is better.","difference":[0.01,0.02,0.03],"with_words":[-0.01,0,0.01],"queries":5,"is_labelled":false}""", run["verdict"]!.ToJsonString());
        Assert.Equal("""["why does the valve leak"]""", run["examples"]!.ToJsonString());
        Assert.Equal((null, false, null), ((string?)run["report"], (bool)run["has_base"]!, (string?)run["problem"]));
    }

    [Fact]
    public async Task Several_runs_are_called_as_their_folders_and_doubled_names_as_their_parents_too()
    {
        using TinyRun other = new("a crane lifts");
        await using TestServer server = await TestServer.StartAsync(options => options with { Runs = [.. options.Runs, other.Folder] });
        string name = $"{Path.GetFileName(Path.GetDirectoryName(other.Folder))}-run";
        Assert.Equal(name, (string)(await server.GetAsync("/api/runs"))[1]!["name"]!);
        Assert.Equal("a crane lifts", (string)(await server.GetAsync($"/api/search?q=crane&run={name}"))["hits"]![0]!["text"]!);
        string words = await TestServer.RefusedAsync(HttpStatusCode.NotFound, server.Client.GetAsync("/api/search?q=crane&run=none"));
        Assert.StartsWith("There is no run of this name: there are '", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_cannot_be_opened_ends_the_start_with_the_reason()
    {
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => SearchServer.StartAsync(new SearchServerOptions(Path.Combine(Path.GetTempPath(), "genq-gone")) { Port = 0 }));
        Assert.Contains("has no model: finish the run first.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_and_no_other_is_taken_instead()
    {
        await using TestServer server = await TestServer.StartAsync();
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => SearchServer.StartAsync(new SearchServerOptions(server.Run.Path) { Port = server.Server.Address.Port }));
        Assert.Equal($"Port {server.Server.Address.Port} of 127.0.0.1 is in use by another program: end that, or choose another port.", error.Message);
    }

    private static string[] Ids(JsonNode found) => [.. found["hits"]!.AsArray().Select(hit => (string)hit!["id"]!)];
}
