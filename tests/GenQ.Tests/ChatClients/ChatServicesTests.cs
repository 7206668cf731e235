using System.Diagnostics;
using GenQ.ChatClients;
using GenQ.Data;
using Microsoft.Extensions.AI;
using Reply = GenQ.Tests.ChatClients.ChatServer.Reply;

namespace GenQ.Tests.ChatClients;

public sealed class ChatServicesTests
{
    private const string Key = "sk-secret-0123456789";

    private static readonly ChatOptions Schema = new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(System.Text.Json.JsonDocument.Parse("""{"type":"object","properties":{},"additionalProperties":false}""").RootElement, "queries") };

    [Fact]
    public async Task OpenAI_s_protocol_is_spoken_with_the_key_the_schema_and_the_count_of_tokens()
    {
        using ChatServer server = new(_ => "an answer");
        ChatResponse response = await AskAsync(server, Schema);
        Assert.Equal(("an answer", 120L, 30L), (response.Text, response.Usage!.InputTokenCount, response.Usage.OutputTokenCount));
        ChatServer.Call call = Assert.Single(server.Calls);
        Assert.Equal(("/v1/chat/completions", $"Bearer {Key}"), (call.Path, call.Headers["Authorization"]));
        Assert.Contains("json_schema", call.Body, StringComparison.Ordinal);
        Assert.Contains("\"parrot\"", call.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ollama_s_protocol_is_spoken()
    {
        using ChatServer server = new((ChatServer.Call _) => ChatServer.OllamaWritten("an answer"));
        using IChatClient client = ChatServices.Open(ChatService.Parse("ollama:parrot", server.Address.ToString()), Fast);
        ChatResponse response = await client.GetResponseAsync("a question", Schema);
        Assert.Equal(("an answer", 120L, 30L), (response.Text, response.Usage!.InputTokenCount, response.Usage.OutputTokenCount));
        ChatServer.Call call = Assert.Single(server.Calls);
        Assert.Equal("/api/chat", call.Path);
        Assert.Contains("\"format\":{", call.Body, StringComparison.Ordinal);
        Assert.Contains("\"stream\":false", call.Body, StringComparison.Ordinal);
    }

    public static TheoryData<string> Passing => ["429", "500", "503", "cut off", "empty", "wrong length", "prose", "html", "slow", "hung up"];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task What_passes_is_tried_again(string how)
    {
        int calls = 0;
        using ChatServer server = new(_ => Interlocked.Increment(ref calls) > 2 ? ChatServer.Written("an answer") : Misbehave(how));
        Assert.Equal("an answer", (await AskAsync(server, options: Fast with { TimePerCall = TimeSpan.FromSeconds(how == "slow" ? 0.3 : 20) })).Text);
        Assert.Equal(3, server.Calls.Count);
    }

    [Theory]
    [InlineData("500", "it answers 500, after all retries: the server is on fire")]
    [InlineData("cut off", "cannot be reached")]
    [InlineData("html", "it does not answer like an OpenAI-compatible service: the answer is not JSON: \"<html>")]
    [InlineData("slow", "no whole answer within 0.2 seconds, after all retries")]
    [InlineData("429", "it still wants fewer calls, after all retries: slow down")]
    public async Task What_does_not_pass_ends_with_words(string how, string words)
    {
        using ChatServer server = new(_ => Misbehave(how));
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => AskAsync(server, options: Fast with { Retries = 2, TimePerCall = TimeSpan.FromSeconds(how == "slow" ? 0.2 : 20) }));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains($"openai:parrot at {server.Address}v1", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, server.Calls.Count);
    }

    [Fact]
    public async Task An_answer_that_does_not_end_is_not_read_for_ever()
    {
        using ChatServer server = new((ChatServer.Call _) => new Reply(200, "{"u8.ToArray()) { IsEndless = true });
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => AskAsync(server, options: Fast with { Retries = 0 }));
        Assert.Contains("the answer does not end: it has more than 8 MB", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<int, string, string?, string> Refusals => new()
    {
        { 401, $"Incorrect API key provided: {Key}.", "invalid_api_key", "the key is not taken: Incorrect API key provided: …. Set GENQ_WRITER_KEY" },
        { 404, "The model parrot does not exist.", "model_not_found", "there is no such model or path: The model parrot does not exist." },
        { 400, "This model's maximum context length is 8 tokens.", "context_length_exceeded", "the call is refused (400): This model's maximum context length is 8 tokens." },
        { 429, "You exceeded your current quota.", "insufficient_quota", "the account has nothing left to spend: You exceeded your current quota." },
        { 402, "Pay first.", null, "the account has nothing left to spend: Pay first." },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_trying_again_does_not_mend_is_told_at_once_with_the_service_s_reason_and_never_the_key(int status, string reason, string? code, string words)
    {
        using ChatServer server = new((ChatServer.Call _) => ChatServer.Error(status, reason, code));
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => AskAsync(server));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, error.ToString(), StringComparison.Ordinal);
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task Without_a_key_a_service_that_wants_one_says_where_it_comes_from()
    {
        using ChatServer server = new((ChatServer.Call _) => ChatServer.Error(401, "No key.", null));
        using IChatClient client = ChatServices.Open(ChatService.Parse("openai:parrot", $"{server.Address}v1"), Fast with { Key = null });
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => client.GetResponseAsync("a question"));
        Assert.Contains("a key is wanted, and there is none", error.Message, StringComparison.Ordinal);
        Assert.False(server.Calls.Single().Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task A_redirect_is_not_followed_so_neither_passages_nor_key_come_to_another_host()
    {
        using ChatServer other = new(_ => "an answer");
        using ChatServer server = new((ChatServer.Call _) => new Reply(307, []).With("Location", $"{other.Address}v1/chat/completions"));
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => AskAsync(server));
        Assert.Contains($"it sends callers on to {other.Address}v1/chat/completions, which was not followed", error.Message, StringComparison.Ordinal);
        Assert.Empty(other.Calls);
    }

    [Fact]
    public async Task A_service_that_names_a_time_is_waited_for_and_other_calls_wait_too()
    {
        int calls = 0;
        using ChatServer server = new(_ => Interlocked.Increment(ref calls) == 1
            ? ChatServer.Error(429, "slow down").With("Retry-After", "1")
            : ChatServer.Written("an answer"));
        using IChatClient client = Open(server);
        Stopwatch clock = Stopwatch.StartNew();
        Task<ChatResponse> first = client.GetResponseAsync("a question");
        while (calls == 0) await Task.Delay(5);
        await Task.Delay(200);
        await Task.WhenAll(first, client.GetResponseAsync("another"), client.GetResponseAsync("a third"));
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(0.9), $"{clock.Elapsed}");
        Assert.Equal(4, server.Calls.Count);
    }

    [Fact]
    public async Task A_service_that_asks_for_hours_is_not_waited_for()
    {
        using ChatServer server = new((ChatServer.Call _) => ChatServer.Error(429, "tomorrow").With("Retry-After", "7200"));
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => AskAsync(server));
        Assert.Contains("It asks to wait for 02:00:00", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task Calls_begin_no_faster_than_allowed()
    {
        using ChatServer server = new(_ => "an answer");
        using IChatClient client = ChatServices.Open(ChatService.Parse("openai:parrot", $"{server.Address}v1"), Fast with { CallsPerMinute = 300 });
        Stopwatch clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.GetResponseAsync("a question")));
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(0.55), $"{clock.Elapsed}");
    }

    [Fact]
    public async Task A_service_that_takes_no_schema_is_asked_without_one_from_then_on()
    {
        using ChatServer server = new((ChatServer.Call call) => call.Body.Contains("json_schema", StringComparison.Ordinal)
            ? ChatServer.Error(400, "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.")
            : ChatServer.Written("an answer"));
        using IChatClient client = Open(server);
        Assert.Equal("an answer", (await client.GetResponseAsync("a question", Schema)).Text);
        Assert.Equal("an answer", (await client.GetResponseAsync("a question", Schema)).Text);
        Assert.Equal(3, server.Calls.Count);
    }

    [Fact]
    public async Task A_service_that_refuses_the_content_gives_the_model_s_refusal()
    {
        using ChatServer server = new((ChatServer.Call _) => ChatServer.Error(400, "The response was filtered.", "content_filter"));
        Assert.Equal(ChatFinishReason.ContentFilter, (await AskAsync(server)).FinishReason);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[{"message":7}]}""")]
    public async Task JSON_that_is_not_the_protocol_s_is_told(string json)
    {
        using ChatServer server = new((ChatServer.Call _) => Reply.Text(200, json));
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => AskAsync(server));
        Assert.Contains("it does not answer like an OpenAI-compatible service", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_at_once()
    {
        ChatServer server = new(_ => "an answer");
        server.Dispose();
        Stopwatch clock = Stopwatch.StartNew();
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => AskAsync(server, options: Fast with { RetryDelay = TimeSpan.FromSeconds(30) }));
        Assert.Contains("it cannot be reached", error.Message, StringComparison.Ordinal);
        Assert.Contains("Is the server started?", error.Message, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_connection_that_is_not_secure_is_told()
    {
        using ChatServer server = new(_ => "an answer");
        using IChatClient client = ChatServices.Open(ChatService.Parse("openai:parrot", $"https://127.0.0.1:{server.Address.Port}/v1"), Fast);
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => client.GetResponseAsync("a question"));
        Assert.Contains("no secure connection", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpt", null, "expected is openai:MODEL or ollama:MODEL")]
    [InlineData("openai:", null, "expected is openai:MODEL or ollama:MODEL")]
    [InlineData("claude:x", null, "expected is openai:MODEL or ollama:MODEL")]
    [InlineData("openai:x", "localhost:8080", "no address of a service")]
    [InlineData("openai:x", "ftp://localhost", "no address of a service")]
    [InlineData("openai:x", "http://user:password@localhost", "no address of a service")]
    [InlineData("openai:x", "http://localhost/v1?key=secret", "no address of a service")]
    public void A_name_or_address_that_is_none_is_told(string model, string? url, string words)
        => Assert.Contains(words, Assert.Throws<GenQException>(() => ChatService.Parse(model, url)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("ollama:qwen3:8b", null, "qwen3:8b", true)]
    [InlineData("openai:gpt-5-mini", null, "gpt-5-mini", false)]
    [InlineData("OpenAI:x", "http://127.0.0.2:1/v1", "x", true)]
    [InlineData("openai:x", "http://[::1]:1/v1", "x", true)]
    [InlineData("ollama:x", "http://192.168.0.7:11434", "x", false)]
    public void A_model_is_local_where_its_address_is_this_machine_s(string model, string? url, string name, bool isLocal)
    {
        ChatService service = ChatService.Parse(model, url);
        Assert.Equal((name, isLocal), (service.Model, service.IsLocal));
    }

    [Theory]
    [InlineData(null, "own-key")]
    [InlineData("http://localhost:8080/v1", null)]
    [InlineData("https://api.openai.com.evil.example/v1", null)]
    public void OpenAI_s_key_is_for_OpenAI_s_own_address_alone(string? url, string? key)
        => Assert.Equal(key, ChatServiceOptions.KeyFor(ChatService.Parse("openai:x", url), name => name == "OPENAI_API_KEY" ? " own-key " : null));

    [Fact]
    public void The_key_of_the_writer_is_for_any_address_and_in_no_text()
    {
        Assert.Equal("k", ChatServiceOptions.KeyFor(ChatService.Parse("openai:x", "http://localhost/v1"), name => name == "GENQ_WRITER_KEY" ? "k" : null));
        Assert.DoesNotContain(Key, $"{Fast}", StringComparison.Ordinal);
    }

    private static ChatServiceOptions Fast { get; } = new() { Key = Key, RetryDelay = TimeSpan.FromMilliseconds(20) };

    private static Reply Misbehave(string how) => how switch
    {
        "429" => ChatServer.Error(429, "slow down"),
        "500" => ChatServer.Error(500, "the server is on fire"),
        "503" => Reply.Text(503, "<html>Service Unavailable</html>"),
        "cut off" => ChatServer.Written("an answer") with { Missing = 50 },
        "empty" => Reply.Text(200, ""),
        "wrong length" => Reply.Text(200, """{"choices": [{"mess"""),
        "prose" => Reply.Text(200, "Here is your answer."),
        "html" => Reply.Text(200, "<html>Welcome!</html>"),
        "slow" => ChatServer.Written("an answer") with { After = TimeSpan.FromSeconds(5) },
        _ => new Reply(200, []) { Missing = 10 },
    };

    private static IChatClient Open(ChatServer server) => ChatServices.Open(ChatService.Parse("openai:parrot", $"{server.Address}v1"), Fast);

    private static async Task<ChatResponse> AskAsync(ChatServer server, ChatOptions? ask = null, ChatServiceOptions? options = null)
    {
        using IChatClient client = ChatServices.Open(ChatService.Parse("openai:parrot", $"{server.Address}v1"), options ?? Fast);
        return await client.GetResponseAsync("a question", ask);
    }
}
