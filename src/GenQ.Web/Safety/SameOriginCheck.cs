using Microsoft.Net.Http.Headers;

namespace GenQ.Web;

/// <summary>
/// Lets requests that change something come from this server's own page, or from no page at all: other sites can neither send JSON nor hide where
/// they are (cross-site request forgery).
/// </summary>
internal sealed class SameOriginCheck(RequestDelegate next)
{
    /// <summary>Handles a request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            // A foreign page reads no answer, but a picture of it could let this server compute.
            return site == "cross-site" && request.Path.StartsWithSegments("/api") ? throw Foreign() : next(context);
        }

        // Behind a proxy with TLS the page has another scheme than what arrives here, and the same host.
        bool isOwn = (request.Headers.Origin is [] || request.Headers.Origin is [var origin] && Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && from.Authority == request.Host.Value)
            && site is "" or "same-origin" or "none";
        if (!isOwn) throw Foreign();

        // A form can post, but no JSON; other methods no page can use without being asked first.
        return !HttpMethods.IsPost(request.Method) || IsJson(request) ? next(context) : throw new BadHttpRequestException("", StatusCodes.Status415UnsupportedMediaType);
    }

    private static bool IsJson(HttpRequest request)
        => request.HasJsonContentType() && (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || !type.Charset.HasValue || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static Refusal Foreign() => new(StatusCodes.Status403Forbidden, "Only the page of this server may ask this; the request comes from another site.");
}
