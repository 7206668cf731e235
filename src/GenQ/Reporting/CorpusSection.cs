using GenQ.Documents;

namespace GenQ.Reporting;

/// <summary>What was read, what was skipped and why, and how long the passages are.</summary>
internal static class CorpusSection
{
    private const int ShownReasons = 20, ShownFiles = 10, LongestName = 120, LongestReason = 300;

    /// <summary>The part of the page.</summary>
    /// <param name="corpus">What was read.</param>
    /// <param name="heldOut">What was set aside to measure with, in a sentence; <see langword="null"/> where nothing is known of it.</param>
    public static Html Of(CorpusFacts corpus, string? heldOut) => Html.Of($"""
        <dl class="stats">
        {(corpus.Files > 0 ? Fact("files read", corpus.Files) : Html.Empty)}
        {(corpus.Skipped is { Count: > 0 } skipped ? Fact("files skipped or cut short", skipped.Count) : Html.Empty)}
        {(corpus.Documents > 0 ? Fact("documents", corpus.Documents) : Html.Empty)}
        {Fact("passages", corpus.Words.Count)}
        </dl>
        <p>{heldOut}</p>
        {Skipped(corpus)}
        """);

    /// <summary>The lengths of the passages, drawn and in figures.</summary>
    /// <param name="corpus">What was read, at least one passage.</param>
    /// <param name="chart">Their histogram.</param>
    public static Html Lengths(CorpusFacts corpus, Chart chart)
    {
        int[] sorted = [.. corpus.Words.Order()];
        return Html.Of($"""
            <div class="split">{PageFrame.Figure(chart, "A passage of few words says little. An encoder reads a very long one only at its beginning.")}
            <table>
            <thead><tr><th scope="col">passage</th><th scope="col" class="number">words</th></tr></thead>
            <tbody>{Lengths("shortest", 0)}{Lengths("a quarter has at most", .25)}{Lengths("half have at most", .5)}{Lengths("three quarters have at most", .75)}{Lengths("longest", 1)}</tbody>
            </table></div>
            """);

        Html Lengths(string name, double share) => Html.Of($"""<tr><th scope="row">{name}</th><td class="number">{sorted[(int)((sorted.Length - 1) * share)]:N0}</td></tr>""");
    }

    /// <summary>The histogram of the lengths.</summary>
    public static Chart LengthsChart(CorpusFacts corpus)
        => Histogram.Of("passage-lengths", "Passage lengths", "passages", "words in a passage, its title included", corpus.Words);

    private static Html Fact(string name, int count) => Html.Of($"""<div class="card"><dt>{name}</dt><dd>{count:N0}</dd></div>""");

    private static Html Skipped(CorpusFacts corpus)
    {
        if (corpus.Skipped is not { } skipped) return Html.Of($"<p>The passages came ready-made, so no file was skipped.</p>");
        if (skipped.Count == 0) return Html.Of($"<p>Every file was read.</p>");
        IGrouping<string, SkippedFile>[] reasons = [.. skipped.GroupBy(file => file.Reason).OrderByDescending(group => group.Count())];
        int others = reasons.Skip(ShownReasons).Sum(group => group.Count());
        return Html.Of($"""
            <table>
            <thead><tr><th scope="col">not read, or only in part, because</th><th scope="col" class="number">files</th><th scope="col">for example</th></tr></thead>
            <tbody>{reasons.Take(ShownReasons).Select(reason => Html.Of($"""
                <tr><td><bdi>{Html.Cut(reason.Key, LongestReason)}</bdi></td><td class="number">{reason.Count():N0}</td><td>{Files([.. reason])}</td></tr>
                """))}{(others > 0 ? Html.Of($"""<tr><td>other reasons, which skipped.jsonl lists</td><td class="number">{others:N0}</td><td></td></tr>""") : Html.Empty)}</tbody>
            </table>
            """);
    }

    private static Html Files(SkippedFile[] files) => Html.Of($"""
        {files.Take(ShownFiles).Select((file, i) => Html.Of($"""{(i > 0 ? ", " : "")}<bdi>{Html.Cut(file.Source, LongestName)}</bdi>"""))}{(files.Length > ShownFiles ? $" and {files.Length - ShownFiles} more" : "")}
        """);
}
