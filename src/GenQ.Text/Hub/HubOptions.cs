using System.Globalization;
using System.Text;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>
/// Where models come from and where they are kept: the settings that Hugging Face's own libraries take from the environment.
/// </summary>
/// <remarks>Source: <c>constants.py</c> of huggingface_hub.</remarks>
public sealed record HubOptions
{
    /// <summary>The hub's address (<c>HF_ENDPOINT</c>); the default is Hugging Face's own.</summary>
    /// <exception cref="GenQException">It is not an absolute http or https address.</exception>
    public Uri Endpoint
    {
        get;
        init => field = value is { IsAbsoluteUri: true, Scheme: "http" or "https" }
            ? value
            : throw new GenQException($"The hub's address is '{value}', expected one like https://huggingface.co: correct HF_ENDPOINT.");
    } = new("https://huggingface.co");

    /// <summary>
    /// The folder of downloaded models (<c>HF_HUB_CACHE</c>, else <c>HF_HOME/hub</c>); the default is <c>~/.cache/huggingface/hub</c>,
    /// which Python's libraries use too, so that a model is downloaded once for both.
    /// </summary>
    public string CacheFolder { get; init; } = Path.Combine(DefaultHome(Environment.GetEnvironmentVariable), "hub");

    /// <summary>
    /// The access token for private and gated models (<c>HF_TOKEN</c>); none by default. It is sent to <see cref="Endpoint"/> alone.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>Whether to stay off the network and use only what is in the cache (<c>HF_HUB_OFFLINE</c>); false by default.</summary>
    public bool Offline { get; init; }

    /// <summary>How often in a row a request may fail without a byte of progress before the download gives up; 5 by default.</summary>
    public int Retries
    {
        get;
        init => field = value >= 0 ? value : throw new GenQException($"Retries is {value}, expected 0 or more.");
    } = 5;

    /// <summary>
    /// The pause before the first retry, doubled at each further one; a second by default, so that five cover half a minute.
    /// </summary>
    public TimeSpan RetryDelay
    {
        get;
        init => field = value >= TimeSpan.Zero ? value : throw new GenQException($"RetryDelay is {value}, expected zero or more.");
    } = TimeSpan.FromSeconds(1);

    /// <summary>Reads the settings from the environment, as Python's libraries do.</summary>
    /// <exception cref="GenQException"><c>HF_ENDPOINT</c> is not an address.</exception>
    public static HubOptions FromEnvironment() => From(Environment.GetEnvironmentVariable);

    internal static HubOptions From(Func<string, string?> variable)
    {
        string? Get(string name) => variable(name)?.Trim() is { Length: > 0 } value ? value : null;
        HubOptions options = new()
        {
            CacheFolder = Get("HF_HUB_CACHE") ?? Path.Combine(Get("HF_HOME") ?? DefaultHome(Get), "hub"),
            Token = Get("HF_TOKEN"),
            Offline = Get("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE",
        };
        if (Get("HF_ENDPOINT") is not { } endpoint) return options;
        return Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address)
            ? options with { Endpoint = address }
            : throw new GenQException($"HF_ENDPOINT is '{endpoint}', expected an address like https://huggingface.co.");
    }

    private static string DefaultHome(Func<string, string?> variable) => Path.Combine(
        variable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "huggingface");

    // The token must not reach a log through ToString.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(
            CultureInfo.InvariantCulture,
            $"Endpoint = {Endpoint}, CacheFolder = {CacheFolder}, Token = {(Token is null ? "none" : "set")}, Offline = {Offline}");
        return true;
    }
}
