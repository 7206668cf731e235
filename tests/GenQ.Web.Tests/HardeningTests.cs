using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using GenQ.Data;

namespace GenQ.Web.Tests;

/// <summary>What strangers, slow clients and damaged files once could do.</summary>
public sealed class HardeningTests
{
    [Fact]
    public async Task Clients_that_send_slowly_hold_no_place_that_a_search_needs()
    {
        await using TestServer server = await TestServer.StartAsync();
        List<TcpClient> slow = [];
        try
        {
            for (int i = 0; i < Environment.ProcessorCount + 70; i++)
            {
                TcpClient client = new();
                slow.Add(client);
                await client.ConnectAsync(server.Server.Address.Host, server.Server.Address.Port, TestContext.Current.CancellationToken);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"), TestContext.Current.CancellationToken);
            }

            Assert.NotEmpty((await server.GetAsync("/api/search?q=pump"))["hits"]!.AsArray());
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Another_site_cannot_even_let_the_server_compute()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/search?q=pump");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        await TestServer.RefusedAsync(HttpStatusCode.Forbidden, server.Client.SendAsync(request, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Behind_a_proxy_with_tls_the_page_can_judge()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/judging/answers") { Content = TestServer.Json("""{"query": "lamp", "passage": "p2", "is_right": true}""") };
        request.Headers.Add("Origin", $"https://{server.Server.Address.Authority}");
        using HttpResponseMessage answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("per%cent.md")]
    [InlineData("%2e%2e%2f.md")]
    [InlineData("a #b?.md")]
    public async Task A_signed_link_opens_a_document_of_any_name(string name)
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { ApiKey = "secret" }, prepare: own =>
        {
            own.ReadFrom("file0.md", name);
            File.WriteAllText(Path.Combine(own.Documents, name), "# Found\n");
        });
        server.Client.DefaultRequestHeaders.Add("X-Api-Key", "secret");
        string link = (string)(await server.GetAsync("/api/search?q=oiled&by=words"))["hits"]![0]!["link"]!;
        using HttpClient stranger = new() { BaseAddress = server.Server.Address };
        Assert.Equal("# Found\n", await stranger.GetStringAsync(link, TestContext.Current.CancellationToken));
        await TestServer.RefusedAsync(HttpStatusCode.Unauthorized, stranger.GetAsync(link.Replace("ticket=", "ticket=0", StringComparison.Ordinal), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_report_that_leads_out_of_the_run_is_not_sent()
    {
        await using TestServer server = await TestServer.StartAsync();
        string secret = Path.Combine(Path.GetDirectoryName(server.Run.Path)!, "secret.html");
        File.WriteAllText(secret, "secret");
        Directory.CreateDirectory(Path.GetDirectoryName(server.Run.ReportPage)!);
        File.CreateSymbolicLink(server.Run.ReportPage, secret);
        await TestServer.RefusedAsync(HttpStatusCode.NotFound, server.Client.GetAsync($"/runs/{Path.GetFileName(server.Run.Path)}/report", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_search_answers_where_what_stands_beside_it_is_damaged_and_shows_it_when_it_is_mended()
    {
        await using TestServer server = await TestServer.StartAsync(prepare: own =>
        {
            own.WriteQueries();
            File.AppendAllText(own.Run.Filter, "{\"pair\":");
            Directory.CreateDirectory(own.Run.Labelled);
            File.WriteAllText(Path.Combine(own.Run.Labelled, "answers.jsonl"), "nonsense\n");
            Directory.CreateDirectory(Path.GetDirectoryName(own.Run.Report)!);
            File.WriteAllText(own.Run.Report, """{"queries": 1.5, "difference": {}, "verdict": null}""");
        });
        JsonNode hit = (await server.GetAsync("/api/search?q=oiled&by=words"))["hits"]![0]!;
        Assert.Null(hit["why"]!["training_query"]);
        Assert.Null(hit["is_right"]);
        Assert.Null((await server.GetAsync("/api/runs"))[0]!["verdict"]);
        server.WriteQueries();
        Assert.NotNull((await server.GetAsync("/api/search?q=oiled&by=words"))["hits"]![0]!["why"]!["training_query"]);
    }

    [Theory]
    [InlineData("""{"input": "\ud800"}""", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("""{"input": "pump"}""", "application/json; charset=utf-7", HttpStatusCode.UnsupportedMediaType)]
    public async Task Broken_text_is_refused_in_words(string body, string type, HttpStatusCode status)
    {
        await using TestServer server = await TestServer.StartAsync();
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        await TestServer.RefusedAsync(status, server.Client.PostAsync("/v1/embeddings", content, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("add, remove")]
    [InlineData("Reject")]
    [InlineData("3")]
    public async Task A_change_has_one_of_the_names_that_there_are(string change)
    {
        await using TestServer server = await TestServer.StartAsync();
        await TestServer.RefusedAsync(HttpStatusCode.BadRequest, server.Client.PostAsync("/api/judging/queries", TestServer.Json($$"""{"passage": "p0", "query": "x", "change": "{{change}}"}"""), TestContext.Current.CancellationToken));
        Assert.Empty(Judgements.Open(server.Run).Added);
    }

    [Fact]
    public async Task A_query_that_nobody_can_see_is_empty()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Contains("empty", await TestServer.RefusedAsync(HttpStatusCode.BadRequest, server.Client.GetAsync("/api/search?q=%E2%80%8B%EF%BB%BF", TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("schlüssel")]
    [InlineData(" secret ")]
    public async Task A_key_that_a_browser_cannot_send_is_refused_at_the_start(string key)
        => Assert.Contains("ASCII", (await Assert.ThrowsAsync<GenQException>(() => TestServer.StartAsync(options => options with { ApiKey = key }))).Message, StringComparison.Ordinal);
}
