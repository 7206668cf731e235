using System.Globalization;
using GenQ.Evaluation;
using GenQ.Retrieval;

namespace GenQ.Reporting;

/// <summary>Figures as bars and as a table.</summary>
internal static class FiguresSection
{
    // As a reader goes down: words, meaning, both.
    private static readonly string[] Order = ["bm25", "base", "adapted", ModelComparison.Hybrid("base"), RunReport.Hybrid];

    /// <summary>The rows of a run, in the order in which they are shown.</summary>
    public static IReadOnlyList<MeasuredRow> InOrder(IReadOnlyList<MeasuredRow> rows) => [.. rows.OrderBy(row => Array.IndexOf(Order, row.Model) is var place && place < 0 ? Order.Length : place)];

    /// <summary>A row's name in words.</summary>
    public static string NameOf(string model) => model switch
    {
        "bm25" => "BM25",
        RunReport.Hybrid => "adapted with BM25",
        _ when model.StartsWith("hybrid(", StringComparison.Ordinal) => $"{model["hybrid(".Length..^1]} with BM25",
        _ => model,
    };

    /// <summary>The bars of nDCG@10.</summary>
    public static Chart Bars(string name, string title, IReadOnlyList<MeasuredRow> rows)
        => BarChart.Of(name, title, "mean nDCG@10, 1 is perfect", [.. rows.Select(row => new Bar(NameOf(row.Model), row.Ndcg10, row.Interval, SeriesOf(row.Model), row.Model.StartsWith(RunReport.Hybrid, StringComparison.Ordinal)))]);

    /// <summary>The table of all figures.</summary>
    public static Html Table(IReadOnlyList<MeasuredRow> rows) => Html.Of($"""
        <table>
        <thead><tr><th scope="col">search</th><th scope="col" class="number">nDCG<wbr>@10</th><th scope="col" class="number">MRR<wbr>@10</th><th scope="col" class="number">recall<wbr>@10</th><th scope="col" class="number">recall<wbr>@100</th></tr></thead>
        <tbody>{rows.Select(row => Html.Of($"""
            <tr><th scope="row">{NameOf(row.Model)}</th><td class="number">{row.Ndcg10:.000}</td><td class="number">{row.Mrr10:.000}</td><td class="number">{row.Recall10:.000}</td><td class="number">{row.Recall100:.000}</td></tr>
            """))}</tbody>
        </table>
        """);

    /// <summary>The table of differences in nDCG@10.</summary>
    /// <param name="differences">What is compared, in words, and the difference.</param>
    public static Html Differences(IEnumerable<(string Name, BootstrapInterval Interval)> differences) => Html.Of($"""
        <table>
        <thead><tr><th scope="col">difference in nDCG@10</th><th scope="col" class="number">mean</th><th scope="col" class="number">95 % interval</th></tr></thead>
        <tbody>{differences.Select(difference => Html.Of($"""
            <tr><th scope="row">{difference.Name}</th><td class="number {ToneOf(difference.Interval)}">{Signed(difference.Interval.Mean)}</td><td class="number">{Signed(difference.Interval.Low)} to {Signed(difference.Interval.High)}</td></tr>
            """))}</tbody>
        </table>
        """);

    /// <summary>The table of the kinds of queries that the verdict rests on.</summary>
    /// <param name="kinds">Each kind, how many queries it has, and what adaptation changed in nDCG@10.</param>
    public static Html Kinds(IEnumerable<(string Name, int Queries, BootstrapInterval ByDefault, BootstrapInterval ByMeaning)> kinds) => Html.Of($"""
        <h3>Each kind of queries</h3>
        <p>The verdict is the mean of these in the default search. The adapted model has learned the generator's manner; sentences and headings were written by people, and taken out of passages that it has not seen.</p>
        <table>
        <thead><tr><th scope="col">adapted − base in nDCG@10</th><th scope="col" class="number">queries</th><th scope="col" class="number">default search</th><th scope="col" class="number">by meaning alone</th></tr></thead>
        <tbody>{kinds.Select(kind => Html.Of($"""
            <tr><th scope="row">{kind.Name}</th><td class="number">{kind.Queries:N0}</td><td class="number {ToneOf(kind.ByDefault)}">{Change(kind.ByDefault)}</td><td class="number {ToneOf(kind.ByMeaning)}">{Change(kind.ByMeaning)}</td></tr>
            """))}</tbody>
        </table>
        """);

    /// <summary>A difference's name in words.</summary>
    public static string DifferenceOf(string name) => string.Join(" − ", name.Split(" - ").Select(NameOf));

    // What rounds to zero has no sign.
    private static string Signed(double value) => (Math.Round(value, 3) + 0.0).ToString("+.000;−.000;.000", CultureInfo.InvariantCulture);

    private static string Change(BootstrapInterval interval) => $"{Signed(interval.Mean)} ({Signed(interval.Low)} to {Signed(interval.High)})";

    private static string ToneOf(BootstrapInterval interval) => interval.Low > 0 ? "good" : interval.High < 0 ? "bad" : "";

    private static Series SeriesOf(string model) => model switch
    {
        "bm25" => Series.Words,
        "base" => Series.Base,
        _ when model == ModelComparison.Hybrid("base") => Series.Base,
        _ => Series.Adapted,
    };
}
