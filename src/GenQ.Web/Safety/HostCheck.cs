using System.Net;

namespace GenQ.Web;

/// <summary>
/// Answers only requests that name this machine, as long as it listens to this machine alone: a site whose name was pointed here (DNS rebinding) reads
/// nothing. Where it listens to others, the API key keeps such a site out.
/// </summary>
internal sealed class HostCheck(RequestDelegate next, SearchServerOptions options)
{
    /// <summary>Handles a request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        string host = context.Request.Host.Host.Trim('[', ']');
        bool isThisMachine = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
        return isThisMachine || !IPAddress.IsLoopback(options.Address)
            ? next(context)
            : throw new Refusal(StatusCodes.Status421MisdirectedRequest, "This server answers to localhost alone, and the request names another host.");
    }
}
