using GenQ.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GenQ.Web;

/// <summary><c>GET /health</c>: for whoever starts the server again when it is ill. It tells no names.</summary>
internal static class HealthEndpoint
{
    /// <summary>Maps it.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/health", Tell).WithMetadata(new OpenToAll())
        .WithSummary("healthy; degraded where an older version of a run answers, since its newest cannot be opened; 503 where a run cannot be opened at all.");

    private static JsonHttpResult<Health> Tell(ServedRuns runs)
    {
        PassageSearchStatus[] all = [.. runs.All.Select(run => run.Search.GetStatus())];
        return all.All(status => status.IsOpen)
            ? TypedResults.Json(new Health(all.All(status => status.Problem is null) ? "healthy" : "degraded"))
            : TypedResults.Json(new Health("unhealthy"), statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>How the server is.</summary>
/// <param name="Status">healthy, degraded or unhealthy.</param>
internal sealed record Health(string Status);
