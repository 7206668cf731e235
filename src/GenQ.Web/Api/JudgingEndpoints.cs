using GenQ.Data;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GenQ.Web;

/// <summary><c>/api/judging</c>: what people say of generated queries and of answers.</summary>
internal static class JudgingEndpoints
{
    private const int PassagesAtOnce = 50;

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder judging = routes.MapGroup("/judging");
        judging.MapGet("/documents", Documents).WithSummary("Lists the documents of a run: how many generated queries each has, and what was judged of them.");
        judging.MapGet("/queries", Queries).WithSummary("Lists the passages of a document with their generated queries, 50 passages at once; 'from' says where to begin.");
        judging.MapPost("/queries", ChangeQuery).AddEndpointFilter(ComputingLimit.Filter).WithSummary("Rejects or restores a generated query, adds or removes one of your own, or edits one: the old is rejected, the new is added.");
        judging.MapPost("/answers", MarkAnswer).AddEndpointFilter(ComputingLimit.Filter).WithSummary("Says whether a passage answers a query; null takes it back.");
    }

    private static Ok<JudgedDocuments> Documents(string? run, ServedRuns runs)
    {
        ServedRun served = runs[run];
        RunContents contents = served.Contents;
        ILookup<string, PassageQuery> rejected = served.Judgements.Rejected.ToLookup(query => query.Passage), added = served.Judgements.Added.ToLookup(query => query.Passage);
        JudgedDocument[] documents = [.. contents.Passages.GroupBy(SourceOf).Select(document => new JudgedDocument(
            document.Key,
            document.Count(),
            document.Sum(passage => contents.Queries[passage.Id].Count()),
            document.Sum(passage => rejected[passage.Id].Count()),
            document.Sum(passage => added[passage.Id].Count())))];
        return TypedResults.Ok(new JudgedDocuments(documents, CountsOf(served)));
    }

    private static Ok<JudgedPassages> Queries(string? run, string? source, int? from, ServedRuns runs, Tickets tickets)
    {
        ServedRun served = runs[run];
        RunContents contents = served.Contents;
        Passage[] passages = [.. contents.Passages.Where(passage => SourceOf(passage) == source)];
        if (passages.Length == 0) throw new Refusal(StatusCodes.Status404NotFound, "The run has read no document of this name.");
        HashSet<PassageQuery> rejected = [.. served.Judgements.Rejected];
        ILookup<string, string> added = served.Judgements.Added.ToLookup(query => query.Passage, query => query.Query);
        return TypedResults.Ok(new JudgedPassages(source!, passages.Length, [.. passages.Skip(Math.Max(from ?? 0, 0)).Take(PassagesAtOnce).Select(passage => new JudgedPassage(
            passage.Id,
            passage.Title,
            passage.Origin?.Page,
            passage.Text,
            FileEndpoints.LinkTo(passage, served, contents, tickets),
            [
                .. contents.Queries[passage.Id].Select(query => new JudgedQuery(
                    query.Text, query.Use, query.Verdict, rejected.Contains(new PassageQuery(passage.Id, QueryText.OneLine(query.Text))), IsAdded: false)),
                .. added[passage.Id].Select(query => new JudgedQuery(query, contents.Queries[passage.Id].FirstOrDefault()?.Use ?? QueryUse.Trains, null, IsRejected: false, IsAdded: true)),
            ]))]));
    }

    private static Ok<JudgedCounts> ChangeQuery(QueryChange change, ServedRuns runs)
    {
        ServedRun served = runs[change.Run];
        Judgements judgements = served.Judgements;
        (string passage, string query) = (RequirePassage(served, change.Passage), QueryText.Require(change.Query, "query"));
        switch (change.Change)
        {
            case "reject":
                judgements.Reject(passage, query);
                break;
            case "restore":
                judgements.Restore(passage, query);
                break;
            case "add":
                judgements.Add(passage, query);
                break;
            case "remove":
                judgements.Remove(passage, query);
                break;
            case "edit":
                string to = QueryText.Require(change.To, "to");
                if (QueryText.OneLine(to) == QueryText.OneLine(query)) break;

                // The new one first: where the disk is full the old one is still there.
                judgements.Add(passage, to);
                if (judgements.Added.Contains(new PassageQuery(passage, QueryText.OneLine(query)))) judgements.Remove(passage, query);
                else judgements.Reject(passage, query);
                break;
            default:
                throw new Refusal(StatusCodes.Status400BadRequest, "'change' must be reject, restore, add, remove or edit.");
        }

        return TypedResults.Ok(CountsOf(served));
    }

    private static Ok<JudgedCounts> MarkAnswer(AnswerMark mark, ServedRuns runs)
    {
        ServedRun served = runs[mark.Run];
        served.Judgements.Mark(QueryText.Require(mark.Query, "query"), RequirePassage(served, mark.Passage), mark.IsRight);
        return TypedResults.Ok(CountsOf(served));
    }

    private static string RequirePassage(ServedRun run, string id)
        => run.Contents.Find(id)?.Id ?? throw new Refusal(StatusCodes.Status404NotFound, "The run has no passage of this id.");

    private static string SourceOf(Passage passage) => passage.Origin?.Source ?? passage.Id;

    private static JudgedCounts CountsOf(ServedRun run)
    {
        Judgements judgements = run.Judgements;
        int right = judgements.Answers.Count(answer => answer.IsRight);
        return new JudgedCounts(right, judgements.Answers.Count - right, judgements.Rejected.Count, judgements.Added.Count);
    }
}

/// <summary>The documents of a run.</summary>
/// <param name="Documents">In the order of the run.</param>
/// <param name="Judged">What was judged of the run.</param>
internal sealed record JudgedDocuments(IReadOnlyList<JudgedDocument> Documents, JudgedCounts Judged);

/// <summary>A document, as far as its queries are judged.</summary>
/// <param name="Source">The file.</param>
/// <param name="Passages">How many passages it has.</param>
/// <param name="Queries">How many queries were written for them.</param>
/// <param name="Rejected">How many of these are rejected.</param>
/// <param name="Added">How many people have added.</param>
internal sealed record JudgedDocument(string Source, int Passages, int Queries, int Rejected, int Added);

/// <summary>What was judged of a run.</summary>
/// <param name="Right">Answers that were marked right.</param>
/// <param name="Wrong">Answers that were marked wrong.</param>
/// <param name="Rejected">Queries that were rejected.</param>
/// <param name="Added">Queries that were added.</param>
internal sealed record JudgedCounts(int Right, int Wrong, int Rejected, int Added);

/// <summary>Some passages of a document.</summary>
/// <param name="Source">The file.</param>
/// <param name="Total">How many passages it has.</param>
/// <param name="Passages">Some of them, in their order.</param>
internal sealed record JudgedPassages(string Source, int Total, IReadOnlyList<JudgedPassage> Passages);

/// <summary>A passage and the queries that were written for it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">The headings above it.</param>
/// <param name="Page">The page, from 1, where the format has pages.</param>
/// <param name="Text">Its words.</param>
/// <param name="Link">Where its document can be opened; null where it is not at hand.</param>
/// <param name="Queries">The queries.</param>
internal sealed record JudgedPassage(string Id, string? Title, int? Page, string Text, string? Link, IReadOnlyList<JudgedQuery> Queries);

/// <summary>A query of a passage.</summary>
/// <param name="Text">The query.</param>
/// <param name="Use">trains or measures.</param>
/// <param name="Verdict">What the filter says of it: Kept, or why it was dropped; null where it says nothing.</param>
/// <param name="IsRejected">Whether somebody has rejected it.</param>
/// <param name="IsAdded">Whether somebody has added it; else the run's writer wrote it.</param>
internal sealed record JudgedQuery(string Text, QueryUse Use, string? Verdict, bool IsRejected, bool IsAdded);

/// <summary>What is to become of a query.</summary>
/// <param name="Passage">The passage's id.</param>
/// <param name="Query">The query.</param>
/// <param name="Change">reject: a generated query neither trains nor measures. restore takes that back. add, remove: a query of your own. edit: the old is rejected or removed, the new is added.</param>
/// <param name="To">The new words, where it is edited.</param>
/// <param name="Run">The run; the first where it is left out.</param>
internal sealed record QueryChange(string Passage, string Query, string Change, string? To = null, string? Run = null);

/// <summary>Whether a passage answers a query.</summary>
/// <param name="Query">What was asked.</param>
/// <param name="Passage">The passage's id.</param>
/// <param name="IsRight">Whether it does; null takes the mark back.</param>
/// <param name="Run">The run; the first where it is left out.</param>
internal sealed record AnswerMark(string Query, string Passage, bool? IsRight, string? Run = null);
