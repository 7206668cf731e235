using Microsoft.Extensions.AI;

namespace GenQ.ConsumerTests;

/// <summary>A language model of this process: it asks for every passage by its first words.</summary>
internal sealed class FirstWordsChatClient : IChatClient
{
    private const string Start = "<passage number=\"";

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] passages = messages.Last().Text.Split(Start)[1..];
        string answers = string.Join(',', passages.Select((passage, i) => $$"""{"passage":{{i + 1}},"question":["how is {{Words(passage)}} kept"],"keywords":["{{Words(passage)}}"]}"""));
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, $$"""{"answers":[{{answers}}]}""")));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static string Words(string passage) => string.Join(' ', passage.Split('\n')[1].Split(' ', '.').Take(3)).ToLowerInvariant();
}
