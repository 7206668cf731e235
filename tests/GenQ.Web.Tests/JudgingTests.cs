using System.Net;
using System.Text.Json.Nodes;
using GenQ.Data;

namespace GenQ.Web.Tests;

public sealed class JudgingTests
{
    [Fact]
    public async Task Documents_are_listed_with_their_queries_and_what_was_judged_of_them()
    {
        await using TestServer server = await TestServer.StartAsync(prepare: own => own.WriteQueries());
        await ChangeAsync(server, """{"passage": "p0", "query": "pump", "change": "reject"}""");
        JsonNode answer = await server.GetAsync("/api/judging/documents");
        Assert.Equal("""{"source":"file0.md","passages":1,"queries":2,"rejected":1,"added":0}""", answer["documents"]![0]!.ToJsonString());
        Assert.Equal(3, answer["documents"]!.AsArray().Count);
        Assert.Equal("""{"right":0,"wrong":0,"rejected":1,"added":0}""", answer["judged"]!.ToJsonString());
    }

    [Fact]
    public async Task The_queries_of_a_document_stand_with_what_the_filter_and_people_have_said()
    {
        await using TestServer server = await TestServer.StartAsync(prepare: own => own.WriteQueries());
        await ChangeAsync(server, """{"passage": "p0", "query": "when is the pump cared for", "change": "add"}""");
        JsonNode passage = (await server.GetAsync("/api/judging/queries?source=file0.md"))["passages"]![0]!;
        Assert.Equal(("p0", "/runs/run/documents/file0.md#page=1"), ((string)passage["id"]!, (string)passage["link"]!));
        Assert.Equal(
            """
            {"text":"how often is the pump oiled","use":"trains","verdict":"Kept","is_rejected":false,"is_added":false}
            {"text":"pump","use":"trains","verdict":"OneWord","is_rejected":false,"is_added":false}
            {"text":"when is the pump cared for","use":"trains","verdict":null,"is_rejected":false,"is_added":true}
            """.ReplaceLineEndings("\n"),
            string.Join('\n', passage["queries"]!.AsArray().Select(query => query!.ToJsonString())));
        Assert.Equal("measures", (string)(await server.GetAsync("/api/judging/queries?source=file1.md"))["passages"]![0]!["queries"]![0]!["use"]!);
    }

    [Fact]
    public async Task A_change_is_on_the_disk_when_it_is_answered()
    {
        await using TestServer server = await TestServer.StartAsync(prepare: own => own.WriteQueries());
        JsonNode counts = await ChangeAsync(server, """{"passage": "p0", "query": "pump", "change": "reject"}""");
        Assert.Equal(1, (int)counts["rejected"]!);
        Assert.Equal([new PassageQuery("p0", "pump")], Judgements.Open(server.Run).Rejected);
        await ChangeAsync(server, """{"passage": "p0", "query": "pump", "change": "restore"}""");
        Assert.Empty(Judgements.Open(server.Run).Rejected);
        await ChangeAsync(server, """{"passage": "p0", "query": "my own", "change": "add"}""");
        await ChangeAsync(server, """{"passage": "p0", "query": "my own", "change": "remove"}""");
        Assert.Empty(Judgements.Open(server.Run).Added);
    }

    [Fact]
    public async Task An_edit_rejects_what_was_generated_and_adds_the_new_words()
    {
        await using TestServer server = await TestServer.StartAsync(prepare: own => own.WriteQueries());
        await ChangeAsync(server, """{"passage": "p0", "query": "pump", "change": "edit", "to": "oil of the pump"}""");
        await ChangeAsync(server, """{"passage": "p0", "query": "oil of the pump", "change": "edit", "to": "oiling a pump"}""");
        Judgements judgements = Judgements.Open(server.Run);
        Assert.Equal(["pump"], judgements.Rejected.Select(query => query.Query));
        Assert.Equal(["oiling a pump"], judgements.Added.Select(query => query.Query));
    }

    [Fact]
    public async Task A_mark_is_shown_with_the_hit_of_the_same_query_and_can_be_taken_back()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.PostAsync("/api/judging/answers", """{"query": "the pump", "passage": "p0", "is_right": true}""");
        await server.PostAsync("/api/judging/answers", """{"query": "the pump", "passage": "p1", "is_right": false}""");
        Assert.Equal([true, false, null], await MarksAsync("the+pump"));
        Assert.Equal([null, null, null], await MarksAsync("a+pump"));
        JsonNode counts = await server.PostAsync("/api/judging/answers", """{"query": "the pump", "passage": "p1", "is_right": null}""");
        Assert.Equal("""{"right":1,"wrong":0,"rejected":0,"added":0}""", counts.ToJsonString());

        async Task<bool?[]> MarksAsync(string query) =>
            [.. (await server.GetAsync($"/api/search?q={query}&by=meaning"))["hits"]!.AsArray().OrderBy(hit => (string)hit!["id"]!, StringComparer.Ordinal).Select(hit => (bool?)hit!["is_right"])];
    }

    [Theory]
    [InlineData("queries", """{"passage": "p9", "query": "a", "change": "add"}""", HttpStatusCode.NotFound)]
    [InlineData("queries", """{"passage": "p0", "query": " ", "change": "add"}""", HttpStatusCode.BadRequest)]
    [InlineData("queries", """{"passage": "p0", "query": "a", "change": "edit"}""", HttpStatusCode.BadRequest)]
    [InlineData("queries", """{"passage": "p0", "query": "a", "change": "burn"}""", HttpStatusCode.BadRequest)]
    [InlineData("queries", """{"query": "a", "change": "add"}""", HttpStatusCode.BadRequest)]
    [InlineData("queries", """{"passage": "p0", "query": "a", "change": "add", "run": "none"}""", HttpStatusCode.NotFound)]
    [InlineData("answers", """{"query": "a", "passage": "p9", "is_right": true}""", HttpStatusCode.NotFound)]
    [InlineData("answers", """{"query": "a", "passage": "p0", "is_right": "yes"}""", HttpStatusCode.BadRequest)]
    [InlineData("answers", """[""", HttpStatusCode.BadRequest)]
    public async Task A_judgement_of_what_there_is_not_is_refused_and_changes_nothing(string address, string body, HttpStatusCode status)
    {
        await using TestServer server = await TestServer.StartAsync();
        await TestServer.RefusedAsync(status, server.Client.PostAsync($"/api/judging/{address}", TestServer.Json(body)));
        Assert.False(Directory.Exists(server.Run.Labelled));
    }

    private static Task<JsonNode> ChangeAsync(TestServer server, string body) => server.PostAsync("/api/judging/queries", body);
}
