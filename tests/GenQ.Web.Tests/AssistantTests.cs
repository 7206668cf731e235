using System.Net;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace GenQ.Web.Tests;

public sealed class AssistantTests
{
    [Fact]
    public async Task An_assistant_searches_the_same_runs_over_http()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using McpClient assistant = await ConnectAsync(server);
        Assert.Equal(["fetch_passage", "list_documents", "search"], (await assistant.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.Name).Order());
        CallToolResult found = await assistant.CallToolAsync("search", new Dictionary<string, object?> { ["query"] = "lamp", ["by"] = "words" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.NotEqual(true, found.IsError);
        Assert.Contains("the lamp glows", found.StructuredContent.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_assistant_needs_the_key_like_everybody()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { ApiKey = "secret" });
        await TestServer.RefusedAsync(HttpStatusCode.Unauthorized, server.Client.PostAsync("/mcp", TestServer.Json("{}")));
        await using McpClient assistant = await ConnectAsync(server, "secret");
        Assert.NotEmpty(await assistant.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_call_the_tools()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, "/mcp") { Content = TestServer.Json("{}") };
        request.Headers.Add("Origin", "https://example.org");
        await TestServer.RefusedAsync(HttpStatusCode.Forbidden, server.Client.SendAsync(request, TestContext.Current.CancellationToken));
    }

    private static Task<McpClient> ConnectAsync(TestServer server, string? key = null) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(server.Server.Address, "/mcp"),
            AdditionalHeaders = key is null ? null : new Dictionary<string, string> { ["Authorization"] = $"Bearer {key}" },
        }),
        cancellationToken: TestContext.Current.CancellationToken);
}
