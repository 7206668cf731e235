using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenQ.Data;
using GenQ.Retrieval;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace GenQ.Mcp;

/// <summary>One of the tools: its description is of the documents as they are now, and what goes wrong is told to the assistant in a sentence.</summary>
internal sealed class GenQTool : DelegatingMcpServerTool
{
    private const int MostResults = 50, LongestQuery = 2000, MostNeighbours = 5, DocumentsPerPage = 50;

    private static readonly JsonSerializerOptions Json = MakeJson();

    private readonly Func<string> _description;

    private GenQTool(string name, string title, Delegate work, Func<string> description)
        : base(Create(work, new McpServerToolCreateOptions
        {
            Name = name,
            Title = title,
            Description = title,
            ReadOnly = true,
            Destructive = false,
            Idempotent = true,
            OpenWorld = false,
            UseStructuredContent = true,
            SerializerOptions = Json,
        })) => _description = description;

    /// <summary>Makes each of the tools.</summary>
    public static IReadOnlyList<Func<ServedRuns, McpServerTool>> All { get; } = [Search, FetchPassage, ListDocuments];

    /// <inheritdoc/>
    public override Tool ProtocolTool
    {
        get
        {
            Tool tool = base.ProtocolTool;
            return new Tool
            {
                Name = tool.Name,
                Title = tool.Title,
                Description = _description(),
                InputSchema = tool.InputSchema,
                OutputSchema = tool.OutputSchema,
                Annotations = tool.Annotations,
            };
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.InvokeAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (GenQException e)
        {
            return Problem(e.Message);
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            return Problem($"The arguments of '{base.ProtocolTool.Name}' cannot be read: {e.Message}");
        }
    }

    private static GenQTool Search(ServedRuns runs) => new(
        "search",
        "Search the documents",
        (
            [Description("What is looked for: a question or keywords, about one matter, at most 2,000 characters.")] string query,
            [Description("The most results, 1 to 50.")] int top = 5,
            [Description("The run to search, where several are served.")] string? run = null,
            [Description("What the ranking goes by: both (the best for most questions), meaning, or words (for exact names and codes).")] SearchMode by = SearchMode.Both) =>
        {
            ServedRun served = runs.Named(run);
            if (string.IsNullOrWhiteSpace(query)) throw new GenQException("The query is empty: say what is looked for.");
            if (query.Length > LongestQuery) throw OutOfRange("query", $"at most {LongestQuery:N0} characters", $"{query.Length:N0}");
            RequireWithin("top", top, 1, MostResults);
            return new FoundPassages(served.Name, [.. served.Search.Search(query, top, by).Hits.Select(hit => FoundPassage.Found(hit.Passage, hit.Score))]);
        },
        () => $"""
            Finds the passages that answer a question, in {runs.InWords}
            Use it before you answer anything that these documents may say, and cite the file and the page of what you use. Ask several short questions rather than one of
            many parts. Each result has the title path above the passage, file, page, text, and an id for 'fetch_passage', which gives what stands around it.
            """);

    private static GenQTool FetchPassage(ServedRuns runs) => new(
        "fetch_passage",
        "Read a passage",
        (
            [Description("The id of a passage, as 'search' gives it.")] string id,
            [Description("How many passages of the same document to give before it and behind it, 0 to 5.")] int neighbours = 0,
            [Description("The run it is of, where several are served.")] string? run = null) =>
        {
            ServedRun served = runs.Named(run);
            RequireWithin("neighbours", neighbours, 0, MostNeighbours);
            return new FoundPassages(served.Name, [.. served.Contents.Around(id, neighbours).Select(FoundPassage.Whole)]);
        },
        () => "Gives a passage whole, by its id, and those of the same document around it. Use it when a result of 'search' begins or ends in the middle of what you need.");

    private static GenQTool ListDocuments(ServedRuns runs) => new(
        "list_documents",
        "List the documents",
        (
            [Description("The page of the list, from 1; a page has 50 documents.")] int page = 1,
            [Description("The run, where several are served.")] string? run = null) =>
        {
            ServedRun served = runs.Named(run);
            IReadOnlyList<DocumentEntry> all = served.Contents.Documents;
            int pages = (all.Count + DocumentsPerPage - 1) / DocumentsPerPage;
            RequireWithin("page", page, 1, pages);
            return new DocumentPage(served.Name, page, pages, all.Count, [.. all.Skip((page - 1) * DocumentsPerPage).Take(DocumentsPerPage)]);
        },
        () => "Lists the documents that 'search' searches: title, file, how many passages each has, and the id of the first. Use it to learn what there is, not to look for an answer.");

    private static JsonSerializerOptions MakeJson()
    {
        JsonSerializerOptions json = new(McpJsonUtilities.DefaultOptions)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        };

        // Before the SDK's own, which keeps the case of names.
        json.Converters.Insert(0, new JsonStringEnumConverter<SearchMode>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        return json;
    }

    private static void RequireWithin(string name, int value, int least, int most)
    {
        if (value < least || value > most) throw OutOfRange(name, $"{least} to {most}", $"{value}");
    }

    private static GenQException OutOfRange(string name, string expected, string got) => new($"'{name}' must be {expected}, got {got}.") { Expected = expected, Got = got };

    private static CallToolResult Problem(string sentence) => new() { IsError = true, Content = [new TextContentBlock { Text = sentence }] };
}
