using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace GenQ.Tests.Generation;

/// <summary>A language model of this process, whose answers a test decides.</summary>
internal sealed partial class StubChatClient(Func<string, CancellationToken, Task<ChatResponse>> answer) : IChatClient
{
    private static readonly string[] Kinds = ["question", "keywords", "in_other_words", "detail"];

    private int _calls;

    public StubChatClient(Func<string, string> answer)
        : this((request, _) => Task.FromResult(Response(answer(request))))
    {
    }

    /// <summary>Calls so far, whatever became of them.</summary>
    public int Calls => _calls;

    /// <summary>What the model was told, and how it was to answer, in the latest call.</summary>
    public (string System, ChatOptions? Options) Latest { get; private set; }

    /// <summary>A sound answer: queries that name their passage's text.</summary>
    public static string Sound(string request) => new JsonObject
    {
        ["answers"] = new JsonArray([.. PassagesOf(request).Select((passage, i) => Entry(i + 1, Kinds.Select(kind => (kind, $"{kind} of {passage}"))))]),
    }.ToJsonString();

    public static JsonObject Entry(int passage, IEnumerable<(string Kind, string Query)> queries)
    {
        JsonObject entry = new() { ["passage"] = passage };
        foreach ((string kind, string query) in queries) entry[kind] = new JsonArray(JsonValue.Create(query));
        return entry;
    }

    public static string[] PassagesOf(string request) => [.. PassageText().Matches(request).Select(match => match.Groups[1].Value.Trim())];

    public static ChatResponse Response(string text) => new(new ChatMessage(ChatRole.Assistant, text)) { Usage = new UsageDetails { InputTokenCount = 100, OutputTokenCount = 10 } };

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _calls);
        ChatMessage[] all = [.. messages];
        Latest = (all[0].Text, options);
        return await answer(all[^1].Text, cancellationToken);
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (ChatResponseUpdate update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
        => serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("stub", new Uri("http://localhost:1"), "parrot") : null;

    public void Dispose()
    {
    }

    [GeneratedRegex("""<passage number="\d+">\n(.*?)\n</passage>""", RegexOptions.Singleline)]
    private static partial Regex PassageText();
}
