using System.Net;
using GenQ.Data;

namespace GenQ.Web.Tests;

public sealed class SiteTests
{
    [Fact]
    public async Task Pages_of_a_site_are_served_beside_the_search_page_and_may_run_their_own_scripts()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { Site = WriteSite(options) });
        using HttpResponseMessage page = await server.Client.GetAsync("/site/", TestContext.Current.CancellationToken);
        Assert.Equal("<h1>Manuals</h1>", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("'unsafe-inline'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        using HttpResponseMessage own = await server.Client.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("unsafe-inline", own.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/site/../secret.txt")]
    [InlineData("/site/%2e%2e/secret.txt")]
    [InlineData("/site/..%2fsecret.txt")]
    [InlineData("/site/..%5csecret.txt")]
    [InlineData("/site/.hidden")]
    public async Task Nothing_outside_the_site_is_served(string path)
    {
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            string site = WriteSite(options);
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(site)!, "secret.txt"), "secret");
            File.WriteAllText(Path.Combine(site, ".hidden"), "secret");
            return options with { Site = site };
        });
        string answer = await RawRequest.SendAsync(server.Server.Address, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.DoesNotContain("200 OK", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("secret\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_site_there_is_none_and_a_missing_one_is_refused_at_the_start()
    {
        await using TestServer server = await TestServer.StartAsync();
        await TestServer.RefusedAsync(HttpStatusCode.NotFound, server.Client.GetAsync("/site/index.html", TestContext.Current.CancellationToken));
        Assert.Contains("web pages", (await Assert.ThrowsAsync<GenQException>(() => TestServer.StartAsync(options => options with { Site = "nowhere" }))).Message, StringComparison.Ordinal);
    }

    private static string WriteSite(SearchServerOptions options)
    {
        string site = Path.Combine(Path.GetDirectoryName(options.Runs[0])!, "site");
        Directory.CreateDirectory(site);
        File.WriteAllText(Path.Combine(site, "index.html"), "<h1>Manuals</h1>");
        return site;
    }
}
