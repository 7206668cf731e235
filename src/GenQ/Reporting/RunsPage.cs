using GenQ.Data;
using GenQ.Evaluation;

namespace GenQ.Reporting;

/// <summary>Several runs side by side as a page for people.</summary>
internal static class RunsPage
{
    private const int LongestName = 80, LongestValue = 200, LongestQuery = 300;

    /// <summary>Writes the page.</summary>
    /// <exception cref="GenQException">It cannot be written.</exception>
    public static void Write(string path, RunsComparison comparison) => AtomicFile.WriteText(path, writer => writer.Write(Of(comparison)));

    /// <summary>The page.</summary>
    public static Html Of(RunsComparison comparison) => PageFrame.Of(
        "Runs compared by GenQ",
        Html.Of($"""
            <p class="muted small">GenQ</p>
            <h1>{comparison.Runs.Count} runs on the same queries</h1>
            <p class="lead">A writer's own queries flatter its run: look at those of the others, or at labelled ones.</p>
            """),
        Html.Of($"""
            {PageFrame.Section("runs-part", "The runs", Runs(comparison))}
            {comparison.Sets.Select((set, i) => PageFrame.Section($"set-{i}", $"{Capital(set.Task)}, {set.Results[0].Metrics.Queries.Count:N0} in all", Set(comparison, set, i)))}
            {PageFrame.Section("settings-part", "Settings that differ", Settings(comparison))}
            """));

    private static Html Runs(RunsComparison comparison) => Html.Of($"""
        <table>
        <thead><tr><th scope="col">run</th><th scope="col">writer</th><th scope="col" class="number">passages</th><th scope="col" class="number">queries</th><th scope="col" class="number">tokens</th></tr></thead>
        <tbody>{comparison.Runs.Select(run => Html.Of($"""
            <tr><th scope="row"><bdi>{Html.Cut(run.Name, LongestName)}</bdi></th><td><bdi>{Html.Cut(run.Writer, LongestName)}</bdi></td><td class="number">{run.Passages:N0}</td><td class="number">{run.Pairs:N0}</td><td class="number">{run.Usage.TokensIn + run.Usage.TokensOut:#,#}</td></tr>
            """))}</tbody>
        </table>
        """);

    private static Html Set(RunsComparison comparison, ModelComparison set, int number)
    {
        IReadOnlyList<MeasuredRow> rows = MeasuredRow.Of(set);
        return Html.Of($"""
            <div class="split figures">{PageFrame.Figure(FiguresSection.Bars($"figures-{number}", $"nDCG@10 on {set.Task}", rows), "The thin lines are 95 % intervals. The table of differences decides: it compares query by query.")}
            <div>{FiguresSection.Table(rows)}{FiguresSection.Differences(comparison.Gains(set).SelectMany(gain => new[] { ($"{gain.Run} − base", gain.Alone), ($"{gain.Run} − base, with BM25", gain.Hybrid) }))}</div></div>
            <h3>Queries that change sides</h3>
            {comparison.Changed.Where(changed => changed.Set == set.Task).Select(Changed)}
            """);
    }

    private static Html Changed(ChangedQueries changed) => Html.Of($"""
        <p><strong><bdi>{Html.Cut(changed.Finds, LongestName)}</bdi></strong> finds the right passage among its first ten for {changed.Count:N0} queries where <strong><bdi>{Html.Cut(changed.Misses, LongestName)}</bdi></strong> does not, both with BM25{(changed.Count > 0 ? ", as here:" : ".")}</p>
        {(changed.Count == 0 ? Html.Empty : Html.Of($"<ul>{changed.Examples.Select(Example)}</ul>"))}
        """);

    private static Html Example((string Text, int Rank, int? MissedRank) example)
        => Html.Of($"""<li><bdi>{Html.Cut(example.Text, LongestQuery)}</bdi> <span class="rank">rank {example.Rank}, not {(example.MissedRank is { } rank ? $"{rank}" : "in 100")}</span></li>""");

    private static Html Settings(RunsComparison comparison) => comparison.Settings.Count == 0
        ? Html.Of($"<p>None.</p>")
        : Html.Of($"""
            <div class="scroll" tabindex="0" role="region" aria-label="Table of settings"><table>
            <thead><tr><th scope="col">setting</th>{comparison.Runs.Select(run => Html.Of($"""<th scope="col"><bdi>{Html.Cut(run.Name, LongestName)}</bdi></th>"""))}</tr></thead>
            <tbody>{comparison.Settings.Select(setting => Html.Of($"""
                <tr><th scope="row">{setting.Name}</th>{setting.Values.Select(value => Html.Of($"<td><bdi>{Html.Cut(value, LongestValue)}</bdi></td>"))}</tr>
                """))}</tbody>
            </table></div>
            """);

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
