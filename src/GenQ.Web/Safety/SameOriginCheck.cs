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
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return next(context);
        string own = $"{request.Scheme}://{request.Host}", site = request.Headers["Sec-Fetch-Site"].ToString();
        bool isOwn = (request.Headers.Origin is [] || request.Headers.Origin is [var origin] && origin == own) && site is "" or "same-origin" or "none";
        if (!isOwn) throw new Refusal(StatusCodes.Status403Forbidden, "Only the page of this server may change something; the request comes from another site.");

        // A form can post, but no JSON; other methods no page can use without being asked first.
        return !HttpMethods.IsPost(request.Method) || request.HasJsonContentType() ? next(context) : throw new BadHttpRequestException("", StatusCodes.Status415UnsupportedMediaType);
    }
}
