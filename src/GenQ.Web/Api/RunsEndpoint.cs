using GenQ.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GenQ.Web;

/// <summary><c>GET /api/runs</c>.</summary>
internal static class RunsEndpoint
{
    private const int Examples = 6;

    /// <summary>Maps it.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/runs", List)
        .WithSummary("Lists the runs that are served, with their verdicts and with questions to begin with.");

    private static Ok<DescribedRun[]> List(ServedRuns runs, Tickets tickets) => TypedResults.Ok(runs.All.Select(run => Describe(run, tickets)).ToArray());

    private static DescribedRun Describe(ServedRun run, Tickets tickets)
    {
        PassageSearchStatus status = run.Search.GetStatus();
        return new DescribedRun(
            run.Name,
            status.Passages,
            status.IsOpen ? run.Contents.Passages.Select(passage => passage.Origin?.Source ?? passage.Id).Distinct().Count() : 0,
            status.IsOpen ? run.Search.Use(searcher => searcher.WordsWeight) : 0,
            run.ReadVerdict(),
            File.Exists(run.Report) ? tickets.Sign(FileEndpoints.ReportOf(run)) : null,
            run.ExampleQuestions(Examples),
            Directory.Exists(run.Folder.BaseVectors),
            status.Problem);
    }
}

/// <summary>A run that is served.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Passages">How many passages it has.</param>
/// <param name="Documents">In how many files.</param>
/// <param name="Words">What words count for beside meaning, as the run has found it.</param>
/// <param name="Verdict">Whether adaptation has helped; null where it was not measured.</param>
/// <param name="Report">Where its report can be opened; null where there is none.</param>
/// <param name="Examples">Questions to begin with.</param>
/// <param name="HasBase">Whether the run has kept what its base makes of the passages, so that the base can be asked too.</param>
/// <param name="Problem">Why its newest version cannot be opened; null where it is.</param>
internal sealed record DescribedRun(
    string Name, int Passages, int Documents, float Words, RunVerdict? Verdict, string? Report, IReadOnlyList<string> Examples, bool HasBase, string? Problem);
