// Step 1, with a language model in the T5's place.
//
//   dotnet run --project samples/5_LanguageModel [-- ollama:qwen3:8b [ADDRESS]]
//
// Any IChatClient will do. Without a model's name a stand-in answers, so that the sample runs without one: it takes the first words of the passage, and
// wraps its JSON in prose, as models do.
using System.Text.Json;
using GenQ.ChatClients;
using GenQ.Generation;
using Microsoft.Extensions.AI;

const string passage = "The pump is oiled every week. Its lamp glows when the pressure falls below two bar.";

IChatClient client = args.Length > 0 ? ChatServices.Open(ChatService.Parse(args[0], args.ElementAtOrDefault(1))) : new StandIn();
AnswerCache answers = args.Length > 0 ? new(AnswerCache.DefaultFolder) : new(Path.Combine(Path.GetTempPath(), "genq-stand-in"));
using ChatQueryWriter writer = new(client, new ChatWriterOptions { Audience = "mechanics who repair the machine" }, answers: answers);

Console.WriteLine(passage);
foreach (WrittenQuery query in await writer.WriteAsync(passage)) Console.WriteLine($"  {query.Task,-14}  {query.Text}");

Console.WriteLine(writer.Usage.InWords);

internal sealed class StandIn : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        string words = messages.Last().Text.Split('\n')[1].Split('.')[0].ToLowerInvariant();
        string answer = JsonSerializer.Serialize(new
        {
            answers = new[]
            {
                new { passage = 1, question = new[] { $"is it true that {words}" }, keywords = new[] { words }, in_other_words = new[] { $"tell me about this: {words}" }, detail = new[] { $"how often: {words}" } },
            },
        });
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, $"Here you are:\n```json\n{answer}\n```")));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
