using GenQ.Data;

namespace GenQ.Web;

/// <summary>The documents that a run has read, and its report: as files that a browser opens, and that may do nothing in it.</summary>
internal static class FileEndpoints
{
    // A document of a stranger gets an origin of its own, without scripts, forms and frames.
    private const string Sandboxed = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // The report is GenQ's own and brings its look along; what it quotes cannot run.
    private const string ReportAlone = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // A viewer of PDFs is a page of the browser's own, which a sandbox would keep from showing anything.
    private const string Unframed = "frame-ancestors 'none'";

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/runs/{run}/documents/{**source}", Document).WithMetadata(new OpenWithTicket()).WithSummary("A document that the run has read.");
        routes.MapGet("/runs/{run}/report", Report).WithMetadata(new OpenWithTicket()).WithSummary("The report of a run.");
    }

    /// <summary>The address of a passage's document, at its page; <see langword="null"/> where it is not at hand.</summary>
    public static string? LinkTo(Passage passage, ServedRun run, RunContents contents, Tickets tickets)
    {
        if (passage.Origin is not { } origin || contents.Documents.FileOf(origin.Source) is null) return null;
        string path = $"/runs/{Uri.EscapeDataString(run.Name)}/documents/{string.Join('/', origin.Source.Split('/').Select(Uri.EscapeDataString))}";
        return tickets.Sign(path) + (origin.Page is { } page ? $"#page={page}" : "");
    }

    /// <summary>The address of a run's report.</summary>
    public static string ReportOf(ServedRun run) => $"/runs/{Uri.EscapeDataString(run.Name)}/report";

    private static IResult Document(string run, string source, ServedRuns runs, HttpContext context)
    {
        string file = runs[run].Contents.Documents.FileOf(source)
            ?? throw new Refusal(StatusCodes.Status404NotFound, "The run has read no such document, or it lies no longer where it was read.");
        (string type, string policy) = Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".pdf" => ("application/pdf", Unframed),
            ".html" or ".htm" or ".xhtml" => ("text/html", Sandboxed),
            ".gz" => ("application/gzip", Sandboxed),
            _ => ("text/plain; charset=utf-8", Sandboxed),
        };
        return Send(context, file, type, policy);
    }

    private static IResult Report(string run, ServedRuns runs, HttpContext context)
    {
        ServedRun served = runs[run];
        return RunDocuments.RealFile(Path.GetFullPath(served.Report), Path.GetFullPath(served.Folder.Path)) is { } file
            ? Send(context, file, "text/html; charset=utf-8", ReportAlone)
            : throw new Refusal(StatusCodes.Status404NotFound, "This run has no report for people yet. The stage 'evaluate' of the run makes it.");
    }

    private static IResult Send(HttpContext context, string file, string type, string policy)
    {
        context.Response.Headers.ContentSecurityPolicy = policy;
        context.Response.Headers.CacheControl = "private, no-cache";
        return Results.File(file, type, lastModified: File.GetLastWriteTimeUtc(file), enableRangeProcessing: true);
    }
}
