using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OllamaSharp;
using OpenAI;

namespace GenQ.ChatClients;

/// <summary>Makes clients of language models: with retries, limits and errors that say what to mend.</summary>
public static class ChatServices
{
    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="service">The model and where it is.</param>
    /// <param name="options">How patiently it is asked; without a key in it, that of the environment is taken.</param>
    /// <returns>A client, whose errors are <see cref="Data.GenQException"/>.</returns>
    public static IChatClient Open(ChatService service, ChatServiceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(service);
        ChatServiceOptions own = options ?? new ChatServiceOptions();
        own = own with { Key = own.Key ?? ChatServiceOptions.KeyFor(service) };

        // A redirect could lead the passages, and the key, to another host.
        SocketsHttpHandler plain = new() { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(15) };
        HttpClient http = new(new PatientHandler(service, own, plain)) { Timeout = Timeout.InfiniteTimeSpan };
        IChatClient client = service.Protocol == ChatProtocol.OpenAI ? OpenAI(service, http) : Ollama(service, http);
        return new ExplainingChatClient(client, service, own.Key is not null);
    }

    // The handler sends the key and tries again, not the library; it wants some key all the same.
    private static IChatClient OpenAI(ChatService service, HttpClient http) => new OpenAI.Chat.ChatClient(
        service.Model,
        new ApiKeyCredential("none"),
        new OpenAIClientOptions
        {
            Endpoint = service.Address,
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        }).AsIChatClient();

    private static OllamaApiClient Ollama(ChatService service, HttpClient http)
    {
        http.BaseAddress = new Uri(service.Address.AbsoluteUri.TrimEnd('/') + "/");
        return new OllamaApiClient(http, service.Model);
    }
}
