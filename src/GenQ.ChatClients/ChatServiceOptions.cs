using System.Globalization;
using System.Text;
using GenQ.Data;

namespace GenQ.ChatClients;

/// <summary>How patiently a service is asked, and with which key.</summary>
public sealed record ChatServiceOptions
{
    /// <summary>The key, sent to the service's own host alone; by default that of the environment, see <see cref="KeyFor(ChatService)"/>.</summary>
    public string? Key { get; init; }

    /// <summary>How long an answer may take until it is whole; 3 minutes by default. It is then asked for again.</summary>
    public TimeSpan TimePerCall
    {
        get;
        init => field = value > TimeSpan.Zero ? value : throw new GenQException($"TimePerCall is {value}, expected more than zero.");
    } = TimeSpan.FromMinutes(3);

    /// <summary>Calls begun within a minute at most; no limit by default.</summary>
    public int? CallsPerMinute
    {
        get;
        init => field = value is null or > 0 ? value : throw new GenQException($"CallsPerMinute is {value}, expected 1 or more.");
    }

    /// <summary>How often a call is tried again that failed for a reason that passes; 6 by default, which with their pauses are two minutes.</summary>
    public int Retries
    {
        get;
        init => field = value >= 0 ? value : throw new GenQException($"Retries is {value}, expected 0 or more.");
    } = 6;

    /// <summary>The pause before the first retry, doubled at each further one, with some chance in it; 2 seconds by default. A service that names a time is waited for.</summary>
    public TimeSpan RetryDelay
    {
        get;
        init => field = value >= TimeSpan.Zero ? value : throw new GenQException($"RetryDelay is {value}, expected zero or more.");
    } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The key that the environment has for a service: <c>GENQ_WRITER_KEY</c> for any, and for OpenAI's own address <c>OPENAI_API_KEY</c> too, which
    /// belongs to that service and is sent to no other.
    /// </summary>
    public static string? KeyFor(ChatService service) => KeyFor(service, Environment.GetEnvironmentVariable);

    internal static string? KeyFor(ChatService service, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(service);
        string? Get(string name) => variable(name)?.Trim() is { Length: > 0 } value ? value : null;
        return Get("GENQ_WRITER_KEY") ?? (service.IsOwn ? Get("OPENAI_API_KEY") : null);
    }

    // The key must not reach a log through ToString.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(
            CultureInfo.InvariantCulture,
            $"Key = {(Key is null ? "none" : "set")}, TimePerCall = {TimePerCall}, CallsPerMinute = {CallsPerMinute}, Retries = {Retries}, RetryDelay = {RetryDelay}");
        return true;
    }
}
