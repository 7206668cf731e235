using System.IO.Pipelines;
using System.Text.Json;
using GenQ.Data;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace GenQ.Extensions.Tests;

public sealed class McpToolsTests
{
    private static readonly string[] Texts = ["A disk is mounted with mount.", "The lamp glows green.", "Water boils at a hundred degrees."];

    [Fact]
    public async Task The_tools_say_which_documents_they_search()
    {
        using TinyRun run = new(Texts);
        await using Assistant assistant = await Assistant.OfAsync(("manuals", run.Folder));
        IList<McpClientTool> tools = await assistant.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["fetch_passage", "list_documents", "search"], tools.Select(tool => tool.Name).Order());
        McpClientTool search = tools.Single(tool => tool.Name == "search");
        Assert.Contains("3 documents in 3 passages: Title 0; Title 1; Title 2", search.Description, StringComparison.Ordinal);
        Assert.Equal(["both", "meaning", "words"], search.JsonSchema.GetProperty("properties").GetProperty("by").GetProperty("enum").EnumerateArray().Select(by => by.GetString()));
        Assert.All(tools, tool => Assert.True(tool.ProtocolTool.Annotations!.ReadOnlyHint));
        Assert.All(tools, tool => Assert.NotNull(tool.ProtocolTool.OutputSchema));
    }

    [Fact]
    public async Task A_search_gives_text_title_file_page_and_id_as_structured_content_and_as_text()
    {
        using TinyRun run = new(Texts);
        await using Assistant assistant = await Assistant.OfAsync(("manuals", run.Folder));
        CallToolResult result = await assistant.CallAsync("search", new() { ["query"] = "green lamp", ["top"] = 1, ["by"] = "words" });
        Assert.NotEqual(true, result.IsError);
        JsonElement found = result.StructuredContent!.Value;
        Assert.Equal("manuals", found.GetProperty("run").GetString());
        JsonElement hit = Assert.Single(found.GetProperty("passages").EnumerateArray());
        Assert.Equal(["p1", "Title 1", "file1.md", "The lamp glows green."], ((string[])["id", "title", "file", "text"]).Select(name => hit.GetProperty(name).GetString()!));
        Assert.Equal(2, hit.GetProperty("page").GetInt32());
        Assert.True(hit.GetProperty("score").GetDouble() > 0);
        Assert.False(hit.TryGetProperty("is_cut", out _));
        Assert.Equal(found.ToString(), JsonDocument.Parse(Text(result)).RootElement.ToString());
    }

    [Fact]
    public async Task A_long_passage_is_cut_in_a_search_and_whole_when_it_is_fetched()
    {
        string words = string.Join(' ', Enumerable.Repeat("lamp", 600));
        using TinyRun run = new(Texts[0], words);
        await using Assistant assistant = await Assistant.OfAsync(("manuals", run.Folder));
        JsonElement hit = (await assistant.CallAsync("search", new() { ["query"] = "lamp", ["by"] = "words" })).StructuredContent!.Value.GetProperty("passages")[0];
        Assert.Equal(2000, hit.GetProperty("text").GetString()!.Length);
        Assert.True(hit.GetProperty("is_cut").GetBoolean());
        JsonElement whole = (await assistant.CallAsync("fetch_passage", new() { ["id"] = "p1" })).StructuredContent!.Value.GetProperty("passages")[0];
        Assert.Equal(words, whole.GetProperty("text").GetString());
        Assert.False(whole.TryGetProperty("score", out _));
    }

    [Theory]
    [InlineData("b2", 0, "b2")]
    [InlineData("b2", 1, "b1 b2 b3")]
    [InlineData("b1", 2, "b1 b2 b3")]
    [InlineData("a1", 5, "a1")]
    [InlineData("loose", 5, "loose")]
    public void Neighbours_are_those_of_the_same_document_in_their_order(string id, int neighbours, string expected)
    {
        GenQ.Mcp.RunContents contents = new([Passage("a1", "a"), Passage("b1", "b"), Passage("b2", "b"), Passage("b3", "b"), new("loose", "text"), new("other", "text")]);
        Assert.Equal(expected.Split(' '), contents.Around(id, neighbours).Select(passage => passage.Id));

        static Passage Passage(string id, string document) => new(id, "text", null, new PassageOrigin("file.md", document, null, 0, 4));
    }

    [Fact]
    public async Task Documents_are_listed_by_pages()
    {
        using TinyRun run = new([.. Enumerable.Range(0, 51).Select(i => $"Text {i}.")]);
        await using Assistant assistant = await Assistant.OfAsync(("manuals", run.Folder));
        JsonElement last = (await assistant.CallAsync("list_documents", new() { ["page"] = 2 })).StructuredContent!.Value;
        Assert.Equal([2, 2, 51], ((string[])["page", "pages", "total"]).Select(name => last.GetProperty(name).GetInt32()));
        JsonElement document = Assert.Single(last.GetProperty("documents").EnumerateArray());
        Assert.Equal(["Title 50", "file50.md", "p50"], ((string[])["title", "file", "first_passage"]).Select(name => document.GetProperty(name).GetString()!));
        Assert.Equal(1, document.GetProperty("passages").GetInt32());
    }

    [Fact]
    public void A_file_of_many_documents_is_one_entry_and_many_files_are_named_by_folder()
    {
        Passage[] passages = [.. Enumerable.Range(0, 40).Select(i => new Passage(
            $"p{i}", "text", $"Chapter {i} > Part", new PassageOrigin(i < 20 ? "api.xml" : $"guide/{i}.md", $"d{i}", null, 0, 4)))];
        GenQ.Mcp.RunContents contents = new(passages);
        Assert.Equal(21, contents.Documents.Count);
        Assert.Equal((null, "api.xml", 20, 20), (contents.Documents[0].Title, contents.Documents[0].File, contents.Documents[0].Documents, contents.Documents[0].Passages));
        Assert.Equal(("Chapter 20", null), (contents.Documents[1].Title, contents.Documents[1].Documents));
        Assert.Equal("21 documents in 40 passages: api.xml; guide/", contents.InWords);
    }

    [Theory]
    [InlineData("search", "query", " ", "The query is empty")]
    [InlineData("search", "run", "nowhere", "There is no run 'nowhere'. There is 'manuals'")]
    [InlineData("search", "top", 51, "'top' must be 1 to 50, got 51")]
    [InlineData("search", "by", "taste", "The arguments of 'search' cannot be read")]
    [InlineData("search", "top", "many", "The arguments of 'search' cannot be read")]
    [InlineData("fetch_passage", "id", "nothing", "There is no passage 'nothing'")]
    [InlineData("fetch_passage", "neighbours", 6, "'neighbours' must be 0 to 5, got 6")]
    [InlineData("list_documents", "page", 2, "'page' must be 1 to 1, got 2")]
    public async Task What_cannot_be_done_is_told_as_the_result_in_a_sentence(string tool, string name, object value, string words)
    {
        using TinyRun run = new(Texts);
        await using Assistant assistant = await Assistant.OfAsync(("manuals", run.Folder));
        CallToolResult result = await assistant.CallAsync(tool, new() { ["query"] = "lamp", ["id"] = "p0", [name] = value });
        Assert.True(result.IsError);
        Assert.Contains(words, Text(result), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Text(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_of_a_book_is_refused_and_a_missing_one_is_named()
    {
        using TinyRun run = new(Texts);
        await using Assistant assistant = await Assistant.OfAsync(("manuals", run.Folder));
        Assert.Contains("at most 2,000 characters, got 2,001", Text(await assistant.CallAsync("search", new() { ["query"] = new string('a', 2001) })), StringComparison.Ordinal);
        CallToolResult missing = await assistant.CallAsync("search", []);
        Assert.True(missing.IsError);
        Assert.Contains("query", Text(missing), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_runs_one_is_named()
    {
        using TinyRun first = new(Texts), second = new("The pump hums.", "A valve leaks.");
        await using Assistant assistant = await Assistant.OfAsync(("a/run", first.Folder), ("b/run", second.Folder));
        CallToolResult unnamed = await assistant.CallAsync("search", new() { ["query"] = "pump" });
        Assert.True(unnamed.IsError);
        Assert.Contains("'a/run', 'b/run'", Text(unnamed), StringComparison.Ordinal);
        CallToolResult named = await assistant.CallAsync("search", new() { ["query"] = "pump", ["run"] = "b/run", ["by"] = "words" });
        Assert.Contains("The pump hums.", Text(named), StringComparison.Ordinal);
        string description = (await assistant.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Single(tool => tool.Name == "search").Description;
        Assert.Contains("- b/run: 2 documents in 2 passages", description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_has_changed_is_described_and_searched_as_it_is_now()
    {
        using TinyRun run = new(Texts);
        await using Assistant assistant = await Assistant.OfAsync(("manuals", run.Folder));
        await assistant.CallAsync("search", new() { ["query"] = "lamp" });
        run.Write("The pump hums.", "A valve leaks.");
        Assert.True(assistant.Search("manuals").Refresh());
        string description = (await assistant.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Single(tool => tool.Name == "search").Description;
        Assert.Contains("2 documents in 2 passages", description, StringComparison.Ordinal);
        Assert.Contains("The pump hums.", Text(await assistant.CallAsync("fetch_passage", new() { ["id"] = "p0" })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_cannot_be_opened_is_told_by_description_and_by_result()
    {
        using TinyRun run = new(Texts);
        File.Delete(run.Run.Index);
        await using Assistant assistant = await Assistant.OfAsync(("manuals", run.Folder));
        string description = (await assistant.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Single(tool => tool.Name == "search").Description;
        Assert.Contains("cannot be opened now", description, StringComparison.Ordinal);
        CallToolResult result = await assistant.CallAsync("search", new() { ["query"] = "lamp" });
        Assert.True(result.IsError);
        Assert.Contains("index", Text(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_search_without_a_key_has_the_name_of_its_folder()
    {
        using TinyRun run = new(Texts);
        await using Assistant assistant = await Assistant.OfAsync((null, run.Folder));
        Assert.Equal("run", (await assistant.CallAsync("search", new() { ["query"] = "lamp" })).StructuredContent!.Value.GetProperty("run").GetString());
    }

    [Fact]
    public void A_run_is_named_by_its_folder_and_a_doubled_name_gets_that_of_the_folder_above()
    {
        Assert.Equal(["manuals", "letters"], RunNames.Of(["runs/manuals/", "other/letters"]));
        Assert.Equal(["a-run", "b-run", "mine"], RunNames.Of(["x/a/run", "x/b/run", "x/mine"]));
        Assert.Equal(["x-a-run", "y-a-run", "b-run"], RunNames.Of(["/x/a/run", "/y/a/run", "/x/b/run"]));
        Assert.Contains("named twice", Assert.Throws<GenQException>(() => RunNames.Of(["x/run", "x/../x/run"])).Message, StringComparison.Ordinal);
    }

    private static string Text(CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;

    /// <summary>A client of the SDK that talks with a server in this process.</summary>
    private sealed class Assistant : IAsyncDisposable
    {
        private readonly ServiceProvider _services;
        private readonly Task _serving;

        private Assistant(ServiceProvider services, McpClient client, Task serving) => (_services, Client, _serving) = (services, client, serving);

        public McpClient Client { get; }

        public static async Task<Assistant> OfAsync(params (string? Name, string Folder)[] runs)
        {
            Pipe toServer = new(), toClient = new();
            ServiceCollection services = new();
            foreach ((string? name, string folder) in runs)
            {
                if (name is null) services.AddGenQSearch(folder);
                else services.AddKeyedGenQSearch(name, folder);
            }

            services.AddMcpServer().WithStreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream())
                .AddGenQTools([.. runs.Select(run => run.Name).OfType<string>()]);
            ServiceProvider provider = services.BuildServiceProvider();
            Task serving = provider.GetRequiredService<McpServer>().RunAsync();
            McpClient client = await McpClient.CreateAsync(new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()));
            return new Assistant(provider, client, serving);
        }

        public IPassageSearch Search(string name) => _services.GetRequiredKeyedService<IPassageSearch>(name);

        public async Task<CallToolResult> CallAsync(string tool, Dictionary<string, object?> arguments)
            => await Client.CallToolAsync(tool, arguments, cancellationToken: TestContext.Current.CancellationToken);

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await _services.DisposeAsync();
            await _serving;
        }
    }
}
