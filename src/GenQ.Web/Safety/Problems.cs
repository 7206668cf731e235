using GenQ.Data;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace GenQ.Web;

/// <summary>Turns what goes wrong into problem+json in plain words (RFC 9457). No stack trace leaves the server; what should not happen is logged.</summary>
internal sealed partial class Problems(RequestDelegate next, ILogger<Problems> logger)
{
    private const string TooLong = "The request took too long and was given up: ask for less at once, or later.";

    /// <summary>Handles a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null, ContentLength: null })
                await WriteAsync(context, context.Response.StatusCode, WordsOf(context, context.Response.StatusCode));
        }
        catch (Exception) when (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads an answer any more, or half of one is out: all that is left is to cut the connection.
            context.Abort();
        }
        catch (Refusal e)
        {
            if (e.RetryAfter is { } seconds) context.Response.Headers.RetryAfter = $"{seconds}";
            await WriteAsync(context, e.Status, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await WriteAsync(context, e.StatusCode, WordsOf(context, e.StatusCode));
        }
        catch (OperationCanceledException)
        {
            await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, TooLong);
        }
        catch (GenQException e)
        {
            // A run that cannot be opened, a file that cannot be written: nothing that another request would mend.
            await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, e.Message);
        }
        catch (Exception e)
        {
            LogUnexpected(logger, e, context.Request.Path);
            await WriteAsync(context, StatusCodes.Status500InternalServerError, "An error that should not happen. The log of the server tells more.");
        }
    }

    private static Task WriteAsync(HttpContext context, int status, string words)
    {
        context.Response.StatusCode = status;
        return Results.Problem(detail: words, statusCode: status, title: ReasonPhrases.GetReasonPhrase(status)).ExecuteAsync(context);
    }

    private static string WordsOf(HttpContext context, int status) => status switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this address. /openapi/v1.json lists what there is.",
        StatusCodes.Status405MethodNotAllowed => $"This address does not take {context.Request.Method}.",
        StatusCodes.Status408RequestTimeout => "The request came too slowly.",
        StatusCodes.Status413PayloadTooLarge => "The body of the request is over the limit: 64 KB, or 1 MB for embeddings.",
        StatusCodes.Status415UnsupportedMediaType => "The body must be JSON: send Content-Type: application/json.",
        StatusCodes.Status503ServiceUnavailable => TooLong,
        StatusCodes.Status429TooManyRequests => "The server is busy: ask again in a second.",
        _ => "The request cannot be read: a parameter or the body is not as /openapi/v1.json describes it.",
    };

    [LoggerMessage(1, LogLevel.Error, "A request of {Path} failed.")]
    private static partial void LogUnexpected(ILogger logger, Exception exception, string path);
}
