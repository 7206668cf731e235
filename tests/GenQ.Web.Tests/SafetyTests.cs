using System.Net;
using System.Net.Sockets;
using System.Text;
using GenQ.Data;
using GenQ.Extensions.Tests;
using GenQ.Onnx;
using Microsoft.Extensions.DependencyInjection;

namespace GenQ.Web.Tests;

public sealed class SafetyTests
{
    private const string Mark = """{"query": "pump", "passage": "p0", "is_right": true}""";

    [Theory]
    [InlineData("/")]
    [InlineData("/api/runs")]
    [InlineData("/nothing")]
    public async Task Every_answer_keeps_the_browser_from_loading_anything_foreign(string path)
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage answer = await server.Client.GetAsync(path);
        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("localhost.evil.example", 421)]
    [InlineData("0.0.0.0", 421)]
    [InlineData("", 421)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:80", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]", 200)]
    public async Task A_server_for_this_machine_answers_to_its_names_alone(string host, int status)
    {
        await using TestServer server = await TestServer.StartAsync();
        string answer = await RawRequest.SendAsync(server.Server.Address, $"GET /api/runs HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin: http://evil.example\r\n")]
    [InlineData("Origin: null\r\n")]
    [InlineData("Origin: http://localhost\r\nOrigin: http://evil.example\r\n")]
    [InlineData("Sec-Fetch-Site: cross-site\r\n")]
    [InlineData("Sec-Fetch-Site: same-site\r\n")]
    public async Task A_page_of_another_site_changes_nothing(string header)
    {
        await using TestServer server = await TestServer.StartAsync();
        string answer = await RawRequest.SendAsync(
            server.Server.Address, $"POST /api/judging/answers HTTP/1.1\r\nHost: localhost\r\n{header}Content-Type: application/json\r\nContent-Length: {Mark.Length}\r\nConnection: close\r\n\r\n{Mark}");
        Assert.Matches("^HTTP/1.1 (400|403) ", answer);
        Assert.Empty(Judgements.Open(server.Run).Answers);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=a")]
    public async Task What_a_form_of_another_site_could_send_is_refused(string type)
    {
        await using TestServer server = await TestServer.StartAsync();
        using StringContent body = new(Mark);
        body.Headers.Remove("Content-Type");
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        await TestServer.RefusedAsync(HttpStatusCode.UnsupportedMediaType, server.Client.PostAsync("/api/judging/answers", body));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Authorization: Bearer wrong")]
    [InlineData("Authorization: Bearer")]
    [InlineData("Authorization: Basic c2VjcmV0")]
    [InlineData("X-Api-Key: secre")]
    [InlineData("X-Api-Key: secrets")]
    public async Task Without_the_key_nothing_is_told_but_the_page_and_the_health(string? header)
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { ApiKey = "secret" });
        if (header?.Split(": ") is [var name, var value]) server.Client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        foreach (string path in (string[])["/api/runs", "/api/search?q=a", "/api/judging/documents", "/runs/run/documents/file0.md", "/runs/run/report", "/metrics", "/openapi/v1.json"])
            await TestServer.RefusedAsync(HttpStatusCode.Unauthorized, server.Client.GetAsync(path));
        await TestServer.RefusedAsync(HttpStatusCode.Unauthorized, server.Client.PostAsync("/v1/embeddings", TestServer.Json("""{"input": "a"}""")));
        foreach (string path in (string[])["/", "/app.js", "/theme.css", "/health"])
        {
            using HttpResponseMessage answer = await server.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("Authorization", "Bearer secret")]
    [InlineData("X-Api-Key", "secret")]
    public async Task With_the_key_all_is_told_and_links_open_by_their_ticket(string header, string value)
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { ApiKey = "secret" });
        server.Client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        string link = (string)(await server.GetAsync("/api/search?q=pump"))["hits"]![0]!["link"]!;
        server.Client.DefaultRequestHeaders.Clear();
        using HttpResponseMessage opened = await server.Client.GetAsync(link);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        await TestServer.RefusedAsync(HttpStatusCode.Unauthorized, server.Client.GetAsync(link.Replace("file0", "file1", StringComparison.Ordinal)));
        await TestServer.RefusedAsync(HttpStatusCode.Unauthorized, server.Client.GetAsync(link.Replace("until=", "until=9", StringComparison.Ordinal)));
        await TestServer.RefusedAsync(HttpStatusCode.Unauthorized, server.Client.GetAsync($"/api/runs?{new Uri(server.Server.Address, link).Query}"));
    }

    [Fact]
    public async Task Other_machines_are_let_in_with_a_key_alone()
    {
        using TinyRun run = new("a pump");
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => SearchServer.StartAsync(new SearchServerOptions(run.Folder) { Address = IPAddress.Any, Port = 0 }));
        Assert.Contains("an API key is needed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        // The client waits for leave to send its body, so that it reads the answer.
        await using TestServer server = await TestServer.StartAsync();
        server.Client.DefaultRequestHeaders.ExpectContinue = true;
        string padding = new(' ', 65 << 10);
        await TestServer.RefusedAsync(HttpStatusCode.RequestEntityTooLarge, server.Client.PostAsync("/api/judging/answers", TestServer.Json(Mark + padding)));
        await server.PostAsync("/v1/embeddings", """{"input": "a"}""" + padding);
        await TestServer.RefusedAsync(HttpStatusCode.RequestEntityTooLarge, server.Client.PostAsync("/v1/embeddings", TestServer.Json("""{"input": "a"}""" + new string(' ', 1 << 20))));
    }

    [Theory]
    [InlineData("GET /api/search?q=a HTTP/1.1\r\nHost: localhost\r\nX-Bad: a\rSet-Cookie: b\r\n\r\n")]
    [InlineData("GET /api/search?q=a HTTP/1.1\r\nHost: localhost\r\nX-Bad : a\r\n\r\n")]
    [InlineData("GET /api/search?q=a HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")]
    [InlineData("GET /api/search?q=a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: identity\r\n\r\n")]
    [InlineData("NONSENSE\r\n\r\n")]
    public async Task Headers_that_make_no_sense_are_refused(string request)
    {
        await using TestServer server = await TestServer.StartAsync();
        string answer = await RawRequest.SendAsync(server.Server.Address, request.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal));
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_asked_cannot_write_headers_of_the_answer()
    {
        await using TestServer server = await TestServer.StartAsync();
        string answer = await RawRequest.SendAsync(server.Server.Address, "GET /api/search?q=a&run=a%0d%0aSet-Cookie:%20b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Set-Cookie", answer.Split("\r\n\r\n")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_searches_at_once_are_told_to_come_back()
    {
        HeldEncoder? held = null;
        string? folder = null;
        await using TestServer server = await TestServer.StartAsync(
            services: services => services.AddSingleton<BaseEncoder>(_ => held = new HeldEncoder(OnnxEncoder.Load(folder!))),
            prepare: own =>
            {
                own.WriteBaseVectors();
                folder = own.Run.Onnx;
            });
        await server.GetAsync("/api/search?q=first&model=base");
        held!.Hold();

        // As many as may compute, as many as may wait, and some that are too many.
        const int TooMany = 5;
        int most = Environment.ProcessorCount + 64;
        List<Task<HttpResponseMessage>> asked = [.. Enumerable.Range(0, most + TooMany).Select(i => server.Client.GetAsync($"/api/search?q=a{i}&model=base"))];
        for (int i = 0; i < TooMany; i++)
        {
            Task<HttpResponseMessage> refused = await Task.WhenAny(asked).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal("1", Assert.Single((await refused).Headers.GetValues("Retry-After")));
            await TestServer.RefusedAsync(HttpStatusCode.TooManyRequests, refused);
            asked.Remove(refused);
        }

        // What does not compute is answered all the same.
        using HttpResponseMessage health = await server.Client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        held.Release();
        foreach (Task<HttpResponseMessage> request in asked)
        {
            using HttpResponseMessage answer = await request;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Requests_that_are_given_up_free_their_places()
    {
        HeldEncoder? held = null;
        string? folder = null;
        await using TestServer server = await TestServer.StartAsync(
            services: services => services.AddSingleton<BaseEncoder>(_ => held = new HeldEncoder(OnnxEncoder.Load(folder!))),
            prepare: own =>
            {
                own.WriteBaseVectors();
                folder = own.Run.Onnx;
            });
        await server.GetAsync("/api/search?q=first&model=base");
        held!.Hold();
        using CancellationTokenSource stop = new();
        Task<HttpResponseMessage>[] waiting = [.. Enumerable.Range(0, Environment.ProcessorCount + 32).Select(i => server.Client.GetAsync($"/api/search?q=a{i}&model=base", stop.Token))];
        held.WaitUntilEntered();
        await stop.CancelAsync();
        foreach (Task<HttpResponseMessage> request in waiting) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        held.Release();
        await server.GetAsync("/api/search?q=again&model=base");
    }

    [Fact]
    public async Task Slow_and_half_closed_clients_do_not_hold_up_others()
    {
        await using TestServer server = await TestServer.StartAsync();
        List<TcpClient> slow = [];
        for (int i = 0; i < 50; i++)
        {
            TcpClient client = new();
            await client.ConnectAsync(server.Server.Address.Host, server.Server.Address.Port);
            string begun = (i % 3) switch
            {
                0 => "GET /api/search?q=a HTTP/1.1\r\nHost: local",
                1 => "POST /api/judging/answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"query\"",
                _ => "",
            };
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(begun));
            if (i % 2 == 0) client.Client.Shutdown(SocketShutdown.Send);
            slow.Add(client);
        }

        for (int i = 0; i < 5; i++) await server.GetAsync($"/api/search?q=pump{i}");
        foreach (TcpClient client in slow) client.Dispose();
    }

    [Theory]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/embeddings", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/api/runs", HttpStatusCode.MethodNotAllowed)]
    public async Task What_there_is_not_is_told_in_words(string method, string path, HttpStatusCode status)
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        Assert.NotEmpty(await TestServer.RefusedAsync(status, server.Client.SendAsync(request)));
    }
}
