using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace GenQ.Web.Tests;

public sealed partial class PageTests
{
    [Fact]
    public async Task The_page_and_all_that_it_names_are_served_with_their_types()
    {
        await using TestServer server = await TestServer.StartAsync();
        string html = await server.Client.GetStringAsync("/");
        Queue<string> open = new(Named().Matches(html).Select(match => match.Groups[1].Value));
        HashSet<string> seen = [];
        while (open.TryDequeue(out string? path))
        {
            if (!seen.Add(path)) continue;
            using HttpResponseMessage answer = await server.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            string expected = Path.GetExtension(path) switch { ".css" => "text/css", ".svg" => "image/svg+xml", _ => "text/javascript" };
            Assert.Equal(expected, answer.Content.Headers.ContentType?.MediaType);
            foreach (Match import in Import().Matches(await answer.Content.ReadAsStringAsync())) open.Enqueue($"/{import.Groups[1].Value}");
        }

        Assert.Superset(new HashSet<string> { "/app.js", "/api.js", "/dom.js", "/search.js", "/hits.js", "/judge.js", "/keys.js", "/passage.js", "/state.js", "/theme.css", "/app.css" }, seen);
    }

    [Fact]
    public async Task The_page_holds_no_script_and_no_style_of_its_own_and_no_foreign_address()
    {
        await using TestServer server = await TestServer.StartAsync();
        string html = await server.Client.GetStringAsync("/");
        Assert.DoesNotMatch("""<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=""", html);
        foreach (string name in (string[])["app.js", "api.js", "dom.js", "search.js", "hits.js", "judge.js", "keys.js", "passage.js", "state.js", "app.css"])
        {
            string content = await server.Client.GetStringAsync($"/{name}");
            Assert.DoesNotMatch(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|https?://", content);
        }
    }

    [Fact]
    public async Task A_file_that_has_not_changed_is_not_sent_again()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage first = await server.Client.GetAsync("/app.js");
        using HttpRequestMessage again = new(HttpMethod.Get, "/app.js");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await server.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Figures_are_told_as_Prometheus_reads_them()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.GetAsync("/api/search?q=pump");
        string figures = await server.Client.GetStringAsync("/metrics");
        Assert.Contains("genq_searches_total{", figures, StringComparison.Ordinal);
        Assert.Contains("genq_search_duration_seconds_bucket{", figures, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_count{", figures, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_health_is_told()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal("""{"status":"healthy"}""", (await server.GetAsync("/health")).ToJsonString());
    }

    [Fact]
    public async Task The_description_lists_every_address_of_the_API()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonNode description = await server.GetAsync("/openapi/v1.json");
        Assert.Equal(
            ["/api/judging/answers", "/api/judging/documents", "/api/judging/queries", "/api/runs", "/api/search", "/health", "/runs/{run}/documents/{source}", "/runs/{run}/report", "/v1/embeddings"],
            description["paths"]!.AsObject().Select(path => path.Key).Order(StringComparer.Ordinal));
        Assert.All(description["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()), operation => Assert.NotEmpty((string)operation.Value!["summary"]!));
        Assert.DoesNotContain("securitySchemes", description.ToJsonString(), StringComparison.Ordinal);
    }

    [GeneratedRegex("(?:src|href)=\"(/[^\"?]+\\.(?:js|css|svg))\"")]
    private static partial Regex Named();

    [GeneratedRegex("""from '\./([^']+)'""")]
    private static partial Regex Import();
}
