using System.Text.RegularExpressions;
using System.Xml.Linq;
using AngleSharp.Html.Parser;
using GenQ.Data;

namespace GenQ.Tests.Reporting;

public sealed class RunPageTests : IDisposable
{
    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("<h1 class=\"good\">The adapted model is better than its base.</h1>")]
    [InlineData("nDCG@10 &#x2B;0.200 on 2 generated queries.")]
    [InlineData("adapted with BM25</th><td class=\"number\">.750")]
    [InlineData("adapted with BM25 − base with BM25</th><td class=\"number \">&#x2B;.100")]
    [InlineData("<bdi>There is no reader for .dwg.</bdi></td><td class=\"number\">1</td><td>")]
    [InlineData("Held out before generation: 1 of 2 documents, 1 of 3 passages.")]
    [InlineData("<bdi>how often to oil</bdi><span class=\"good small\">kept</span>")]
    [InlineData("<bdi>pump</bdi><span class=\"bad small\">dropped: a single word</span>")]
    [InlineData("1 left empty, since nothing good enough was written")]
    [InlineData("dropped: left empty, since nothing good enough was written</th><td class=\"number\">1</td><td class=\"number\">25.0 %")]
    [InlineData("Passage lengths: 3 in all, from 8 to 9, half of them at most 8.")]
    [InlineData("Loss: from 0.9 at step 1 to 0.5 at step 2")]
    [InlineData("in units of 10⁻⁵")]
    [InlineData("<bdi>why is the lamp red</bdi><span class=\"rank\">rank 3 → rank 1</span>")]
    [InlineData("<bdi>what glows</bdi><span class=\"rank\">rank 1 → not in 100</span>")]
    [InlineData("<mark><bdi>The red lamp glows when the pump runs dry.</bdi><bdi class=\"muted small\">lamp.txt#1</bdi></mark>")]
    [InlineData("higher than before for 1 of 2 questions, lower for 1, and where it was for 0")]
    [InlineData("<th scope=\"row\">seed</th><td><bdi>7</bdi></td><td><bdi>42</bdi></td>")]
    [InlineData("<th scope=\"row\">training.batch-size</th>")]
    [InlineData("<code>ba5e</code>")]
    [InlineData("<code>1d9e</code>")]
    [InlineData("Begun 2026-01-02 03:04:05Z by GenQ 0.2.0 on 2 processors. The processor's features: avx2.")]
    [InlineData("<code>make 7 again</code>")]
    public void The_page_shows(string markup) => Assert.Contains(markup, Regex.Replace(_run.Page().Replace("&#x27;", "'", StringComparison.Ordinal), @">\s+<", "><"), StringComparison.Ordinal);

    [Fact]
    public void The_parts_stand_in_their_order()
        => Assert.Equal(
            ["figures", "corpus", "queries", "lengths", "training", "questions", "settings", "provenance"],
            new HtmlParser().ParseDocument(_run.Page()).QuerySelectorAll("section").Select(section => section.Id!.Split('-')[0]));

    [Fact]
    public void Labelled_queries_have_a_part_of_their_own_with_the_same_bars()
    {
        TinyRun.Change(_run.Folder.Report, "\"kind\": \"generated\",", "\"kind\": \"generated\", \"labelled\": " + File.ReadAllText(_run.Folder.Report).Replace("generated", "labelled", StringComparison.Ordinal) + ",");
        string page = _run.Page();
        Assert.Contains("On your labelled queries", page, StringComparison.Ordinal);
        Assert.Contains("nDCG@10 of each search on your labelled queries", page, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(_run.Folder.Report)!, "labelled-figures.svg")));
    }

    [Theory]
    [InlineData("skipped.jsonl", "The passages came ready-made, so no file was skipped.")]
    [InlineData("pairs", "This run has no training queries of its own")]
    [InlineData("filter-summary.json", "The queries were not filtered")]
    [InlineData("training.jsonl", "The run keeps no log of its training")]
    [InlineData("report/queries.jsonl", "The single questions were not kept")]
    [InlineData("heldout", "The adapted model is better")]
    [InlineData("passages.jsonl", "The adapted model is better")]
    public void Without_a_file_the_page_says_so_or_leaves_the_part_out(string file, string sentence)
    {
        string path = Path.Combine(_run.Folder.Path, file);
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        else File.Delete(path);
        Assert.Contains(sentence, _run.Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_single_queries_the_bars_have_no_intervals()
    {
        Assert.Contains("class=\"whisker\"", _run.Page(), StringComparison.Ordinal);
        File.Delete(_run.Folder.ReportQueries);
        Assert.DoesNotContain("class=\"whisker\"", _run.Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void Queries_of_another_measurement_are_not_shown()
    {
        _run.Ask(TinyRun.Query("q", "left behind by an interrupted measurement", 2, 1));
        Assert.DoesNotContain("left behind", _run.Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_run_is_told_to_be_measured_first()
    {
        File.Delete(_run.Folder.Report);
        GenQException error = Assert.Throws<GenQException>(() => _run.Page());
        Assert.Equal(new Remedy.RunStage("evaluate", _run.Folder.Path), error.Remedy);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[]")]
    public void A_damaged_report_is_told(string text)
    {
        File.WriteAllText(_run.Folder.Report, text);
        Assert.Contains("is damaged", Assert.Throws<GenQException>(() => _run.Page()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("' onmouseover='alert(1)")]
    [InlineData("</style><script>alert(1)</script>")]
    [InlineData("</title><svg/onload=alert(1)>")]
    [InlineData("&lt;script&gt;")]
    public void Texts_of_strangers_stay_text(string hostile)
    {
        PassageFile.Write(_run.Folder.Passages, [
            new("oil.txt#1", hostile, hostile, new PassageOrigin(hostile, hostile, null, 0, 1)),
            new("lamp.txt#1", hostile, hostile, new PassageOrigin(hostile, hostile, null, 0, 1)),
        ]);
        QueryPassagePair[] pairs = [new(hostile, hostile)];
        PairFiles.Write(_run.Folder.Pairs, 0, pairs, [new("oil.txt#1", 0, PairKind.Generated, null)]);
        JsonLine.Write(_run.Folder.Skipped, [hostile], (json, text) =>
        {
            json.WriteString("source", text);
            json.WriteString("reason", text);
        });
        _run.Ask(TinyRun.Query(hostile, hostile, 3, 1), TinyRun.Query("b", hostile, 1, 2));
        using AngleSharp.Html.Dom.IHtmlDocument page = new HtmlParser().ParseDocument(_run.Page());
        Assert.Empty(page.QuerySelectorAll("script, img, iframe, object, link"));
        Assert.DoesNotContain(page.All.SelectMany(element => element.Attributes), attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal));
        Assert.True(page.QuerySelectorAll("bdi").Count(element => element.TextContent == hostile) > 5);
    }

    [Fact]
    public void What_no_page_may_hold_is_replaced_and_long_texts_are_cut()
    {
        _run.Ask(TinyRun.Query("a", "bell \a, half \ud83d, direction \u202E", 3, 1), TinyRun.Query("b", new string('x', 10_000), 1, 2));
        string page = _run.Page();
        Assert.DoesNotContain('\a', page);
        Assert.DoesNotContain("&#x7;", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("bell �", System.Net.WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain(new string('x', 301), page, StringComparison.Ordinal);
        Assert.Contains(new string('x', 200), page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_loads_nothing()
    {
        using AngleSharp.Html.Dom.IHtmlDocument page = new HtmlParser().ParseDocument(_run.Page());
        Assert.Empty(page.QuerySelectorAll("[src], [href], [srcset], [data], [action]"));
        Assert.DoesNotMatch(@"url\(|@import|https?:", page.Head!.TextContent + page.Body!.InnerHtml);
    }

    [Fact]
    public void Every_chart_is_a_file_of_its_own_that_is_whole()
    {
        _run.Page();
        string[] files = [.. Directory.GetFiles(Path.GetDirectoryName(_run.Folder.Report)!, "*.svg").Order(StringComparer.Ordinal)];
        Assert.Equal(["figures.svg", "gradient-norm.svg", "learning-rate.svg", "loss.svg", "passage-lengths.svg"], files.Select(Path.GetFileName));
        Assert.All(files, file =>
        {
            XElement chart = XDocument.Load(file).Root!;
            Assert.Equal("img", chart.Attribute("role")!.Value);
            Assert.NotEmpty(chart.Elements().First(element => element.Name.LocalName == "title").Value);
            Assert.DoesNotContain("var(", chart.Value, StringComparison.Ordinal);
            Assert.Contains("prefers-color-scheme: dark", chart.Value, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_long_run_gives_a_small_page()
    {
        string words = string.Join(' ', Enumerable.Repeat("word", 200));
        PassageFile.Write(_run.Folder.Passages, Enumerable.Range(0, 20_000).Select(i => new Passage($"{i}", words, words, new PassageOrigin($"{i}.txt", $"{i}.txt", null, 0, 1))));
        JsonLine.Write(_run.Folder.Skipped, Enumerable.Range(0, 20_000), (json, i) => json.WriteString("reason", $"{words} {i}"));
        JsonLine.Write(_run.Folder.TrainingLog, Enumerable.Range(1, 20_000), (json, step) =>
        {
            json.WriteNumber("step", step);
            json.WriteNumber("loss", 1.0 / step);
        });
        Assert.InRange(_run.Page().Length, 10_000, 200_000);
    }
}
