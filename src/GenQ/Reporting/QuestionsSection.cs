using GenQ.Data;
using GenQ.Evaluation;

namespace GenQ.Reporting;

/// <summary>The questions that the adapted model answers much better or much worse than the base, each with BM25, as a search does by default.</summary>
internal static class QuestionsSection
{
    private const int Shown = 5, ShownRelevant = 3, BeyondAll = 101, LongestQuery = 300, LongestTitle = 90, LongestId = 160;

    private static readonly string Before = ModelComparison.Hybrid("base"), After = RunReport.Hybrid;

    /// <summary>The questions that won and those that lost, the most first.</summary>
    public static (IReadOnlyList<EvaluatedQuery> Won, IReadOnlyList<EvaluatedQuery> Lost) Choose(IEnumerable<EvaluatedQuery> asked)
    {
        EvaluatedQuery[] known = [.. asked.Where(query => query.Results.ContainsKey(Before) && query.Results.ContainsKey(After))];
        return (Most(1), Most(-1));

        EvaluatedQuery[] Most(int sign) => [.. known
            .Where(query => sign * Gain(query) > 0)
            .OrderByDescending(query => sign * Gain(query)).ThenByDescending(query => sign * (RankOf(query, Before) - RankOf(query, After))).ThenBy(query => query.Id, StringComparer.Ordinal)
            .Take(Shown)];
    }

    /// <summary>The ids of the passages that the part shows.</summary>
    public static IEnumerable<string> Passages(IEnumerable<EvaluatedQuery> shown)
        => shown.SelectMany(query => query.Results[Before].Top.Concat(query.Results[After].Top).Concat(query.Relevant.Take(ShownRelevant)));

    /// <summary>The part of the page.</summary>
    /// <param name="set">The set of queries.</param>
    /// <param name="passages">Passages by id; those that are not there are shown by their ids.</param>
    public static Html Of(MeasuredSet set, IReadOnlyDictionary<string, Passage> passages)
    {
        if (set.Asked.Count == 0) return Html.Of($"<p>The single questions were not kept when this run was measured. Measure it again, and they stand here.</p>");
        (IReadOnlyList<EvaluatedQuery> won, IReadOnlyList<EvaluatedQuery> lost) = Choose(set.Asked);
        int higher = set.Asked.Count(query => RankOf(query, After) < RankOf(query, Before)), lower = set.Asked.Count(query => RankOf(query, After) > RankOf(query, Before));
        return Html.Of($"""
            <p>The right passage stands higher than before for {higher:N0} of {set.Asked.Count:N0} questions, lower for {lower:N0}, and where it was for {set.Asked.Count - higher - lower:N0}.
            Both searches add BM25. The right passage is marked.</p>
            {Group("Won most", "good", won, passages)}
            {Group("Lost most", "bad", lost, passages)}
            """);
    }

    private static Html Group(string heading, string tone, IReadOnlyList<EvaluatedQuery> queries, IReadOnlyDictionary<string, Passage> passages) => Html.Of($"""
        <h3 class="{tone}">{heading}</h3>
        {(queries.Count == 0 ? Html.Of($"<p>None.</p>") : Html.Join(queries.Select((query, i) => Question(query, i == 0, passages))))}
        """);

    private static Html Question(EvaluatedQuery query, bool isOpen, IReadOnlyDictionary<string, Passage> passages) => Html.Of($"""
        <details class="card"{Html.Trusted(isOpen ? " open" : "")}>
        <summary><bdi>{Html.Cut(query.Text, LongestQuery)}</bdi> <span class="rank">{RankWords(query, Before)} → {RankWords(query, After)}</span></summary>
        <div class="split">{Top("Base with BM25", query, Before, passages)}{Top("Adapted with BM25", query, After, passages)}</div>
        {Sought(query, passages)}
        </details>
        """);

    private static Html Top(string heading, EvaluatedQuery query, string row, IReadOnlyDictionary<string, Passage> passages) => Html.Of($"""
        <div><h4>{heading}</h4>
        <ol>{query.Results[row].Top.Select(id => query.Relevant.Contains(id)
            ? Html.Of($"""<li><mark>{Name(id, passages)}</mark> <span class="small">right</span></li>""")
            : Html.Of($"<li>{Name(id, passages)}</li>"))}</ol></div>
        """);

    // Where neither list shows it, a reader wants to know what was sought.
    private static Html Sought(EvaluatedQuery query, IReadOnlyDictionary<string, Passage> passages)
        => query.Results[Before].Top.Concat(query.Results[After].Top).Any(query.Relevant.Contains) ? Html.Empty
            : Html.Of($"""<p class="small">Right would be: {Html.Join(query.Relevant.Take(ShownRelevant).Select((id, i) => Html.Of($"""{(i > 0 ? ", " : "")}{Name(id, passages)}""")))}</p>""");

    private static Html Name(string id, IReadOnlyDictionary<string, Passage> passages)
        => passages.GetValueOrDefault(id) is not { } passage ? Html.Of($"""<bdi>{Html.Cut(id, LongestId)}</bdi>""")
            : Html.Of($"""<bdi>{Html.Cut(passage.Title ?? passage.Text, LongestTitle)}</bdi> <bdi class="muted small">{Html.Cut(id, LongestId)}</bdi>""");

    private static string RankWords(EvaluatedQuery query, string row) => query.Results[row].Rank is { } rank ? $"rank {rank}" : "not in 100";

    private static int RankOf(EvaluatedQuery query, string row) => query.Results.GetValueOrDefault(row)?.Rank ?? BeyondAll;

    private static double Gain(EvaluatedQuery query) => query.Results[After].Ndcg10 - query.Results[Before].Ndcg10;
}
