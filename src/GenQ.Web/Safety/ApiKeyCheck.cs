using System.Security.Cryptography;
using System.Text;

namespace GenQ.Web;

/// <summary>Asks for the API key, where there is one, at every address that is not open to all.</summary>
internal sealed class ApiKeyCheck(RequestDelegate next, SearchServerOptions options, Tickets tickets)
{
    private const string Bearer = "Bearer ";

    // Of equal length whatever was sent, so that the comparison takes as long.
    private readonly byte[]? _hash = options.ApiKey is { } key ? SHA256.HashData(Encoding.UTF8.GetBytes(key)) : null;

    /// <summary>Handles a request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        Endpoint? endpoint = context.GetEndpoint();
        bool mayPass = _hash is null || endpoint is null || endpoint.Metadata.GetMetadata<OpenToAll>() is not null || HasKey(context.Request)
            || (endpoint.Metadata.GetMetadata<OpenWithTicket>() is not null && tickets.IsValid(context.Request));
        if (mayPass) return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        throw new Refusal(StatusCodes.Status401Unauthorized, "This server asks for an API key: send it as 'Authorization: Bearer KEY' or as 'X-Api-Key: KEY'.");
    }

    private bool HasKey(HttpRequest request)
    {
        string authorization = request.Headers.Authorization.ToString(), own = request.Headers["X-Api-Key"].ToString();
        string sent = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : own;
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(sent)), _hash);
    }
}
