using System.Net;
using System.Text.Json.Nodes;

namespace GenQ.Web.Tests;

public sealed class DocumentsTests
{
    [Fact]
    public async Task A_document_is_sent_as_plain_text_that_can_do_nothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage answer = await server.Client.GetAsync("/runs/run/documents/file0.md");
        Assert.Equal("# File 0\n", await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.StartsWith("sandbox;", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Null(answer.Content.Headers.ContentDisposition);
    }

    [Theory]
    [InlineData("a.html", "text/html", "sandbox;")]
    [InlineData("a.PDF", "application/pdf", "frame-ancestors")]
    [InlineData("a.xml", "text/plain; charset=utf-8", "sandbox;")]
    [InlineData("a.svg", "text/plain; charset=utf-8", "sandbox;")]
    [InlineData("a.txt.gz", "application/gzip", "sandbox;")]
    public async Task No_kind_of_document_can_run_a_script(string name, string type, string policy)
    {
        await using TestServer server = await TestServer.StartAsync(prepare: own => Rename(own, "file0.md", name));
        using HttpResponseMessage answer = await server.Client.GetAsync($"/runs/run/documents/{name}");
        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        Assert.StartsWith(policy, Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../run/genq.json")]
    [InlineData("%2e%2e/run/genq.json")]
    [InlineData("..%2frun%2fgenq.json")]
    [InlineData("%2e%2e%2frun%2fgenq.json")]
    [InlineData("..%5crun%5cgenq.json")]
    [InlineData("..\\run\\genq.json")]
    [InlineData("%252e%252e%252frun%252fgenq.json")]
    [InlineData("./file0.md/../../run/genq.json")]
    [InlineData("/etc/passwd")]
    [InlineData("%2fetc%2fpasswd")]
    [InlineData("file0.md%00.txt")]
    [InlineData("file0.md/")]
    [InlineData("FILE0.md")]
    [InlineData("secret.md")]
    [InlineData("")]
    public async Task Nothing_but_a_document_that_the_run_has_read_can_be_had(string source)
    {
        // The secret lies in the folder of the documents, but the run has not read it.
        await using TestServer server = await TestServer.StartAsync(prepare: own => File.WriteAllText(Path.Combine(own.Documents, "secret.md"), "secret"));
        string answer = await RawRequest.SendAsync(server.Server.Address, $"GET /runs/run/documents/{source} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 (400|404) ", answer);
        Assert.DoesNotContain("identity", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_out_of_the_folder_is_not_followed()
    {
        await using TestServer server = await TestServer.StartAsync(prepare: own =>
        {
            string outside = Path.Combine(Path.GetDirectoryName(own.Documents)!, "outside.md");
            File.WriteAllText(outside, "outside");
            foreach (string name in (string[])["file0.md", "file1.md"]) File.Delete(Path.Combine(own.Documents, name));
            File.CreateSymbolicLink(Path.Combine(own.Documents, "file0.md"), outside);
            File.CreateSymbolicLink(Path.Combine(own.Documents, "file1.md"), Path.Combine(own.Documents, "file2.md"));
        });
        await TestServer.RefusedAsync(HttpStatusCode.NotFound, server.Client.GetAsync("/runs/run/documents/file0.md"));
        Assert.Equal("# File 2\n", await server.Client.GetStringAsync("/runs/run/documents/file1.md"));
        JsonNode found = await server.GetAsync("/api/search?q=the+pump");
        Assert.Null(found["hits"]!.AsArray().Single(hit => (string)hit!["id"]! == "p0")!["link"]);
    }

    [Fact]
    public async Task Documents_that_have_moved_are_found_where_they_are_said_to_be()
    {
        string moved = Directory.CreateTempSubdirectory("genq-test-").FullName;
        File.WriteAllText(Path.Combine(moved, "file0.md"), "moved");
        await using TestServer server = await TestServer.StartAsync(options => options with { Documents = moved }, prepare: own => Directory.Delete(own.Documents, recursive: true));
        Assert.Equal("moved", await server.Client.GetStringAsync("/runs/run/documents/file0.md"));
        await TestServer.RefusedAsync(HttpStatusCode.NotFound, server.Client.GetAsync("/runs/run/documents/file1.md"));
        Directory.Delete(moved, recursive: true);
    }

    [Fact]
    public async Task A_report_is_shown_where_there_is_one()
    {
        await using TestServer server = await TestServer.StartAsync();
        await TestServer.RefusedAsync(HttpStatusCode.NotFound, server.Client.GetAsync("/runs/run/report"));
        Directory.CreateDirectory(Path.GetDirectoryName(server.Run.Report)!);
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(server.Run.Report)!, "report.html"), "<h1>Report</h1>");
        using HttpResponseMessage answer = await server.Client.GetAsync("/runs/run/report");
        Assert.Equal("<h1>Report</h1>", await answer.Content.ReadAsStringAsync());
        Assert.DoesNotContain("script-src", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("/runs/run/report", (string)(await server.GetAsync("/api/runs"))[0]!["report"]!);
    }

    private static string Header(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));

    // The run read a file of this name.
    private static void Rename(TestServer server, string from, string to)
    {
        File.Move(Path.Combine(server.Documents, from), Path.Combine(server.Documents, to));
        server.ReadFrom(from, to);
    }
}
