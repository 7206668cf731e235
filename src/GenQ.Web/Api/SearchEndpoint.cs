using System.Diagnostics;
using GenQ.Data;
using GenQ.Retrieval;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace GenQ.Web;

/// <summary><c>GET /api/search</c>.</summary>
internal static class SearchEndpoint
{
    private const int MostHits = 100;
    private const float MostWordsWeight = 2;

    // Facets count among so many of the best.
    private const int Counted = 100;

    /// <summary>Maps it.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/search", SearchAsync)
        .AddEndpointFilter(ComputingLimit.Filter)
        .WithSummary("Finds the passages that answer a query.")
        .WithDescription("""
            q: what is asked, at most 2,000 characters. top: the most hits, 1 to 100, by default 10. run: which run, by default the first. by: both (the default), meaning or words.
            words: what words count for beside meaning, 0 to 2, by default what the run has found. model: adapted (the default), or base for what the run began with.
            in: a folder or a file that hits must lie in.
            """);

    private static async Task<Ok<FoundPassages>> SearchAsync(
        string? q, int? top, string? run, string? by, float? words, string? model, [FromQuery(Name = "in")] string? within, HttpRequest request, ServedRuns runs, Tickets tickets, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        string query = QueryText.Require(q, nameof(q));
        int most = top ?? SearchOptions.DefaultTop;
        if (most is < 1 or > MostHits) throw Wrong(nameof(top), $"1 to {MostHits}", most);

        // ASP.NET reads a comma as one between thousands, so that 0,3 were 3.
        if (request.Query[nameof(words)].ToString() is var written && written.Contains(',', StringComparison.Ordinal)) throw Wrong(nameof(words), "a number with a point, such as 0.3", $"'{written}'");
        if (words is { } given && given is not (>= 0 and <= MostWordsWeight)) throw Wrong(nameof(words), $"0 to {MostWordsWeight}", given);
        SearchMode mode = by switch
        {
            null or "" or "both" => SearchMode.Both,
            "meaning" => SearchMode.Meaning,
            "words" => SearchMode.Words,
            _ => throw Wrong(nameof(by), "both, meaning or words", $"'{by}'"),
        };
        SearchModel asked = model switch
        {
            null or "" or "adapted" => SearchModel.Adapted,
            "base" => SearchModel.Base,
            _ => throw Wrong(nameof(model), "adapted or base", $"'{model}'"),
        };
        ServedRun served = runs[run];
        SearchOptions options = new() { Top = Counted, Mode = mode, WordsWeight = words, Explain = true };
        SearchAnswer all = await served.SearchAsync(query, options, asked, cancellation);
        SearchAnswer found = string.IsNullOrEmpty(within)
            ? all
            : await served.SearchAsync(query, options with { Where = passage => IsIn(passage.Origin?.Source, within) }, asked, cancellation);
        cancellation.ThrowIfCancellationRequested();
        RunContents contents = served.Contents;
        Dictionary<string, bool> marks = MarksOf(served, query);
        float mostWords = found.Hits.Count > 0 ? found.Hits.Max(hit => hit.Explanation!.Words) : 0;
        FoundPassage[] hits = [.. found.Hits.Take(most).Select(hit => ToFound(hit, mostWords, query, served, contents, marks, tickets))];
        return TypedResults.Ok(new FoundPassages(
            query, served.Name, asked, mode, words ?? served.Search.Use(searcher => searcher.WordsWeight), hits, Facets(all.Hits),
            Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1)));
    }

    private static FoundPassage ToFound(SearchHit hit, float mostWords, string query, ServedRun run, RunContents contents, Dictionary<string, bool> marks, Tickets tickets)
    {
        Passage passage = hit.Passage;
        HitExplanation why = hit.Explanation!;
        return new FoundPassage(
            passage.Id,
            Math.Round(hit.Score, 4),
            passage.Title,
            passage.Origin?.Source,
            passage.Origin?.Page,
            passage.Text,
            [.. why.Matches.Select(match => new[] { match.Start.Value, match.End.Value })],
            FileEndpoints.LinkTo(passage, run, contents, tickets),
            marks.TryGetValue(passage.Id, out bool isRight) ? isRight : null,
            new WhyFound(
                new ScorePart(Math.Round(why.Words, 4), why.WordsRank, mostWords > 0 ? Math.Round(why.Words / mostWords, 4) : 0),
                new ScorePart(Math.Round(why.Meaning, 4), why.MeaningRank, Math.Round(Math.Clamp(why.Meaning, 0, 1), 4)),
                contents.NearestTrainingQuery(passage.Id, query)));
    }

    // Who searches finds, also where what was judged cannot be read.
    private static Dictionary<string, bool> MarksOf(ServedRun run, string query)
    {
        string asked = QueryText.OneLine(query);
        try
        {
            return run.Judgements.Answers.Where(answer => answer.Query == asked).ToDictionary(answer => answer.Passage, answer => answer.IsRight);
        }
        catch (GenQException)
        {
            return [];
        }
    }

    // Each hit counts for its file, and for every folder above it.
    private static Facet[] Facets(IEnumerable<SearchHit> hits) =>
    [
        .. hits.Select(hit => hit.Passage.Origin?.Source).OfType<string>()
            .SelectMany(source => source.Index().Where(letter => letter.Item == '/').Select(letter => source[..(letter.Index + 1)]).Append(source))
            .CountBy(path => path)
            .OrderBy(count => count.Key, StringComparer.Ordinal)
            .Select(count => new Facet(count.Key, count.Value)),
    ];

    private static bool IsIn(string? source, string place)
        => source is not null && (source == place || source.StartsWith(place.EndsWith('/') ? place : place + '/', StringComparison.Ordinal));

    private static Refusal Wrong(string name, string expected, object got) => new(StatusCodes.Status400BadRequest, FormattableString.Invariant($"'{name}' must be {expected}, got {got}."));
}
