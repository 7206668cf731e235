// Step 7: a language model answers a question from your documents, and says from which. First the run finds the passages, then the model reads them.
//
//   dotnet run --project samples/7_AskYourDocuments [-- RUN-FOLDER "question" [ollama:qwen3:8b [ADDRESS]]]
//
// Any IChatClient will do. Without a model's name a stand-in answers with the first sentence that it was given, so that the sample runs without one.
using GenQ.ChatClients;
using GenQ.Extensions;
using GenQ.Retrieval;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

string run = args.ElementAtOrDefault(0) ?? "runs/first", question = args.ElementAtOrDefault(1) ?? "how do I write indented json";

ServiceCollection collection = new();
collection.AddGenQSearch(run);
collection.AddSingleton(_ => args.Length > 2 ? ChatServices.Open(ChatService.Parse(args[2], args.ElementAtOrDefault(3))) : new StandIn());
await using ServiceProvider services = collection.BuildServiceProvider();

// Retrieve: the passages that the adapted model and BM25 find, numbered so that the answer can name them.
SearchAnswer found = services.GetRequiredService<IPassageSearch>().Search(question, top: 4);
string sources = string.Join("\n\n", found.Hits.Select((hit, i) => $"[{i + 1}] {hit.Passage.Title}\n{hit.Passage.Text}"));

// Generate: what the passages do not say, the model is not to say either.
ChatResponse answer = await services.GetRequiredService<IChatClient>().GetResponseAsync(
[
    new ChatMessage(ChatRole.System, "Answer from the numbered passages alone, in at most three sentences. Name each passage that you use, as [1]. Where they do not answer, say so."),
    new ChatMessage(ChatRole.User, $"{sources}\n\nQuestion: {question}"),
]);

Console.WriteLine($"{question}\n\n{answer.Text}\n");
foreach ((int i, SearchHit hit) in found.Hits.Index()) Console.WriteLine($"[{i + 1}] {hit.Passage.Origin?.Source ?? hit.Passage.Id}: {hit.Passage.Title}");

internal sealed class StandIn : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        string first = messages.Last().Text.Split("\n\n")[0].Split('\n', 2)[1];
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, $"{first.Split(". ")[0].TrimEnd('.')} [1].")));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
