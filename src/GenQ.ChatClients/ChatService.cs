using System.Net;
using GenQ.Data;

namespace GenQ.ChatClients;

/// <summary>A language model and where it is served.</summary>
/// <param name="Protocol">How it is spoken to.</param>
/// <param name="Model">The model's name there.</param>
/// <param name="Address">The address that its paths begin with, as <c>https://api.openai.com/v1</c>.</param>
public sealed record ChatService(ChatProtocol Protocol, string Model, Uri Address)
{
    private static readonly Uri OpenAI = new("https://api.openai.com/v1"), Ollama = new("http://localhost:11434");

    /// <summary>Whether the model runs on this machine, so that nothing leaves it.</summary>
    public bool IsLocal => Address.IsLoopback || (IPAddress.TryParse(Address.Host, out IPAddress? ip) && IPAddress.IsLoopback(ip));

    /// <summary>Whether the address is the one that the protocol's own service has.</summary>
    internal bool IsOwn => Address == OpenAI;

    /// <summary>Reads a model's name.</summary>
    /// <param name="model">"openai:MODEL" or "ollama:MODEL".</param>
    /// <param name="url">The address; by default OpenAI's own service, or Ollama on this machine.</param>
    /// <exception cref="GenQException">It is no such name, or the address is none.</exception>
    public static ChatService Parse(string model, string? url = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        string[] parts = model.Split(':', 2, StringSplitOptions.TrimEntries);
        ChatProtocol? protocol = parts[0].ToUpperInvariant() switch
        {
            "OPENAI" => ChatProtocol.OpenAI,
            "OLLAMA" => ChatProtocol.Ollama,
            _ => null,
        };
        if (protocol is not { } known || parts.Length < 2 || parts[1].Length == 0)
        {
            throw new GenQException($"'{model}' names no language model: expected is openai:MODEL or ollama:MODEL.")
            {
                Where = "chat.writer",
                Expected = "openai:MODEL or ollama:MODEL",
                Got = model,
                Remedy = new Remedy.Change(("chat.writer", null)),
            };
        }

        if (url is null) return new ChatService(known, parts[1], known == ChatProtocol.OpenAI ? OpenAI : Ollama);
        if (Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && address is { Scheme: "http" or "https", UserInfo: "", Query: "" }) return new ChatService(known, parts[1], address);
        throw new GenQException("What was given is no address of a service: expected is one like http://localhost:8080/v1, without a name or a key in it.")
        {
            Where = "chat.url",
            Expected = "http://localhost:8080/v1",
            Remedy = new Remedy.Change(("chat.url", null)),
        };
    }

    /// <summary>Whether an address belongs to the service: of its host and port, and as safe.</summary>
    internal bool Owns(Uri? address) => address is not null && (address.Scheme, address.Authority) == (Address.Scheme, Address.Authority);

    /// <summary>The model as it is typed: "openai:MODEL".</summary>
    public override string ToString() => $"{(Protocol == ChatProtocol.OpenAI ? "openai" : "ollama")}:{Model}";
}
