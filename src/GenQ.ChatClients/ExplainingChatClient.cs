using System.Runtime.CompilerServices;
using System.Text.Json;
using GenQ.Data;
using Microsoft.Extensions.AI;

namespace GenQ.ChatClients;

/// <summary>
/// Puts what a service answers in place of an answer into words: what, where, and what mends it. A service that takes no schema is asked without one
/// from then on; one that refuses the content of a call has given the model's refusal.
/// </summary>
internal sealed class ExplainingChatClient(IChatClient inner, ChatService service, bool hasKey) : DelegatingChatClient(inner)
{
    private const string Kept = "What it has answered is kept: the same run goes on from there.";

    private volatile bool _isWithoutSchema;

    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ChatMessage[] all = [.. messages];
        bool hasSchema = options?.ResponseFormat is ChatResponseFormatJson && !_isWithoutSchema;
        try
        {
            return await base.GetResponseAsync(all, hasSchema ? options : WithoutSchema(options), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (hasSchema && Told(e) is { IsAboutSchema: true })
        {
            _isWithoutSchema = true;
            return await GetResponseAsync(all, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Told(e) is { IsRefusal: true })
        {
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, "")) { FinishReason = ChatFinishReason.ContentFilter };
        }
        catch (Exception e) when (e is not (OperationCanceledException or GenQException))
        {
            throw Told(e) is { } told ? Worded(told) : Strange(e);
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // An answer is read whole before it counts, so that one that is cut off can be asked for again.
        ChatResponse response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (ChatResponseUpdate update in response.ToChatResponseUpdates()) yield return update;
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
        => serviceType == typeof(ChatClientMetadata) && serviceKey is null
            ? new ChatClientMetadata(service.Protocol == ChatProtocol.OpenAI ? "openai" : "ollama", service.Address, service.Model)
            : base.GetService(serviceType, serviceKey);

    // The libraries of the protocols may put it into an exception of their own.
    private static ChatServiceException? Told(Exception? e) => e is null ? null : e as ChatServiceException ?? Told(e.InnerException);

    private static ChatOptions? WithoutSchema(ChatOptions? options)
    {
        if (options?.ResponseFormat is null) return options;
        ChatOptions other = options.Clone();
        other.ResponseFormat = null;
        return other;
    }

    private GenQException Worded(ChatServiceException e) => e switch
    {
        { IsQuota: true } => Error(e, $"the account has nothing left to spend: {e.Message} {Kept}"),
        { Code: "redirect" } => Error(e, $"{e.Message} If that is where the model is served, give that address.", ("chat.url", null)),
        { Status: 401 or 403 } => Error(e, $"{(hasKey ? "the key is not taken" : "a key is wanted, and there is none")}: {e.Message} {KeyHelp}"),
        { Status: 404 } => Error(e, $"there is no such model or path: {e.Message} {PathHelp}", ("chat.writer", null), ("chat.url", null)),
        { Status: 400 or 413 or 422 } => Error(e, $"the call is refused ({e.Status}): {e.Message} Where it is too long, ask about fewer passages at a time.", ("chat.passages-per-call", "1"), ("chat.temperature", "none")),
        { Status: 429 } => Error(e, $"it still wants fewer calls, after all retries: {e.Message} {Kept}", ("chat.concurrency", "1"), ("chat.calls-per-minute", null)),
        { Status: { } status } => Error(e, $"it answers {status}, after all retries: {e.Message} {Kept}"),
        { Code: "timeout" } => Error(e, $"{e.Message}, after all retries. {Kept}", ("chat.seconds-per-call", null), ("chat.passages-per-call", "1"), ("chat.concurrency", "1")),
        { Code: nameof(HttpRequestError.SecureConnectionError) } => Error(e, $"no secure connection: {e.Message} Is it http, or is its certificate not one that this machine trusts?", ("chat.url", null)),
        { Code: nameof(HttpRequestError.InvalidResponse) } => Error(e, $"it does not answer like {Protocol}: {e.Message} {PathHelp}", ("chat.url", null)),
        _ => Error(e, $"it cannot be reached: {e.Message} {(service.IsLocal ? "Is the server started?" : "Check the network and the address.")} {Kept}", ("chat.url", null)),
    };

    // JSON that is not what the protocol says.
    private GenQException Strange(Exception e)
        => Error(e, $"it does not answer like {Protocol}: {(e is JsonException or InvalidOperationException or ArgumentException ? e.Message : e.GetBaseException().Message)} {PathHelp}", ("chat.url", null));

    private GenQException Error(Exception cause, string what, params (string, string?)[] mends) => new($"{service} at {service.Address}: {what}", cause)
    {
        Where = service.Address.ToString(),
        Got = (cause as ChatServiceException)?.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Remedy = mends.Length == 0 ? null : new Remedy.Change(mends),
    };

    private string Protocol => service.Protocol == ChatProtocol.OpenAI ? "an OpenAI-compatible service" : "Ollama";

    private string PathHelp => service.Protocol == ChatProtocol.OpenAI
        ? "The address of most services ends with /v1."
        : $"'ollama pull {service.Model}' fetches a model.";

    private string KeyHelp => service.IsOwn
        ? "Set OPENAI_API_KEY or GENQ_WRITER_KEY to a key of the service."
        : "Set GENQ_WRITER_KEY to a key of the service; OPENAI_API_KEY is sent to OpenAI's own address alone.";
}
