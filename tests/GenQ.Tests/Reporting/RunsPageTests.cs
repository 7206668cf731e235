using AngleSharp.Html.Parser;
using GenQ.Evaluation;
using GenQ.Generation;
using GenQ.Reporting;
using GenQ.Retrieval;

namespace GenQ.Tests.Reporting;

public sealed class RunsPageTests
{
    [Fact]
    public void Runs_stand_side_by_side_with_their_bars_and_nothing_of_their_names_is_markup()
    {
        RetrievalMetrics metrics = new([new("q", 0.5, 0.5, 1, 1, 2, [])]);
        string[] rows = ["bm25", "base", "hybrid(base)", "<b>one</b>", "hybrid(<b>one</b>)"];
        RunsComparison comparison = new([new ComparedRun("<b>one</b>", "t5", 10, 60, new ChatUsage())], [new ModelComparison("queries of t5", [.. rows.Select(row => (row, metrics))])]);
        using AngleSharp.Html.Dom.IHtmlDocument page = new HtmlParser().ParseDocument(RunsPage.Of(comparison).ToString());
        Assert.Empty(page.QuerySelectorAll("b"));
        Assert.Equal(["The runs", "Queries of t5, 1 in all", "Settings that differ"], page.QuerySelectorAll("h2").Select(heading => heading.TextContent));
        Assert.Equal(Enumerable.Repeat(".500 (.500 to .500)", rows.Length), page.QuerySelectorAll("svg .value").Select(value => value.TextContent));
        Assert.Contains("<b>one</b> with BM25", page.QuerySelector(".split table")!.TextContent, StringComparison.Ordinal);
    }
}
