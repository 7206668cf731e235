using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace GenQ.Web;

/// <summary>How much a request may have of the server.</summary>
internal static class RequestLimits
{
    /// <summary>The most characters of a query.</summary>
    public const int QueryCharacters = 2000;

    /// <summary>The most bytes of a body of texts to encode.</summary>
    public const int EmbeddingsBytes = 1 << 20;

    private const int BodyBytes = 64 << 10, HeaderBytes = 32 << 10, Connections = 1024;

    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10), IdleFor = TimeSpan.FromSeconds(60), AnswerWithin = TimeSpan.FromSeconds(60);

    /// <summary>Sets what Kestrel takes. A client that sends too slowly is cut off, and so is one that does not read.</summary>
    public static void Apply(KestrelServerOptions kestrel, SearchServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = BodyBytes;

        // A query of the most characters, each of them written with up to nine.
        kestrel.Limits.MaxRequestLineSize = HeaderBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytes;
        kestrel.Limits.MaxConcurrentConnections = Connections;
        kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
        kestrel.Limits.KeepAliveTimeout = IdleFor;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(1024, TimeSpan.FromSeconds(5));
        kestrel.Listen(options.Address, options.Port);
    }

    /// <summary>Registers the limits of time and of work at once.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = AnswerWithin, TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable });
        services.AddSingleton<ComputingLimit>();
    }
}
