using System.Globalization;
using System.Xml.Linq;
using GenQ.Reporting;
using GenQ.Retrieval;

namespace GenQ.Tests.Reporting;

public sealed class ChartTests
{
    [Fact]
    public void A_bar_is_as_long_as_its_value_and_the_whisker_spans_the_interval()
    {
        Chart chart = BarChart.Of("bars", "Bars", "unit", [new("a <b>", 0.5, new BootstrapInterval(0.25, 0.5, 1), Series.Base, HasWords: false), new("c", 0.25, null, Series.Adapted, HasWords: true)]);
        XElement drawn = Parse(chart);
        Assert.Equal([179, 89.5], Of(drawn, "rect").Where(bar => bar.Attribute("class")!.Value is "base" or "adapted").Select(bar => Number(bar, "width")));
        Assert.StartsWith("M90.5 ", Of(drawn, "path").Single(path => path.Attribute("class")!.Value == "whisker").Attribute("d")!.Value, StringComparison.Ordinal);
        Assert.EndsWith("H359m0-3v6", Of(drawn, "path").Single(path => path.Attribute("class")!.Value == "whisker").Attribute("d")!.Value, StringComparison.Ordinal);
        Assert.Single(Of(drawn, "rect"), bar => bar.Attribute("class")!.Value == "words");
        Assert.Contains("a <b> .500 (.250 to 1.000); c .250", chart.Description, StringComparison.Ordinal);
        Assert.Contains("unit, with 95 % intervals", Texts(drawn));
    }

    [Fact]
    public void A_curve_goes_from_its_first_point_to_its_last()
    {
        XElement drawn = Parse(LineChart.Of("curve", "Curve", "loss", "step", [(1, 2), (2, double.NaN), (3, 0)]));
        Assert.Equal("M149 28L359 172", Of(drawn, "path").Single().Attribute("d")!.Value);
        Assert.Contains("loss", Texts(drawn));
        Assert.Contains("step", Texts(drawn));
    }

    [Fact]
    public void A_long_curve_is_drawn_with_the_means_of_its_neighbours()
    {
        XElement drawn = Parse(LineChart.Of("curve", "Curve", "loss", "step", Enumerable.Range(1, 1000).Select(step => ((double)step, (double)(step % 2)))));
        string path = Of(drawn, "path").Single().Attribute("d")!.Value;
        Assert.Equal(200, path.Split('L').Length);
        Assert.Contains("step; each point is the mean of 5", Texts(drawn));
    }

    [Fact]
    public void A_histogram_counts_every_value_once_and_the_last_bar_takes_those_far_beyond()
    {
        Chart chart = Histogram.Of("lengths", "Lengths", "passages", "words", [.. Enumerable.Repeat(10, 150), .. Enumerable.Repeat(20, 50), 9000]);
        double[] heights = [.. Of(Parse(chart), "rect").Select(bar => Number(bar, "height"))];
        Assert.Equal(2, heights.Length);
        Assert.Equal(150 / 51.0, heights[0] / heights[1], 0.02);
        Assert.Contains("201 in all, from 10 to 9,000, half of them at most 10; 1 longer ones count in the last bar", chart.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0, 0, 0)]
    [InlineData(5)]
    [InlineData(1, 100_000)]
    public void Few_values_draw_too(params int[] values)
    {
        Assert.NotEmpty(Of(Parse(Histogram.Of("a", "A", "b", "c", values)), "rect"));
        Assert.NotEmpty(Of(Parse(LineChart.Of("a", "A", "b", "c", values.Select((value, i) => ((double)i, (double)value)))), "path"));
        Assert.NotEmpty(Of(Parse(BarChart.Of("a", "A", "b", [.. values.Select(value => new Bar("a", value, null, Series.Words, HasWords: false))])), "rect"));
    }

    private static XElement Parse(Chart chart) => XElement.Parse(chart.Inline.ToString());

    private static IEnumerable<XElement> Of(XElement chart, string name) => chart.Descendants().Where(element => element.Name.LocalName == name);

    private static IEnumerable<string> Texts(XElement chart) => Of(chart, "text").Select(text => text.Value);

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
