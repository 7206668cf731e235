using System.Globalization;
using GenQ.Retrieval;

namespace GenQ.Reporting;

/// <summary>Draws horizontal bars with their 95 % intervals.</summary>
internal static class BarChart
{
    private const int RowHeight = 42, BarTop = 20, BarHeight = 13, Stripe = 4, Foot = 40, LongestLabel = 30;

    /// <summary>Draws bars, the first on top.</summary>
    /// <param name="name">The chart's name.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="unit">What the bars measure.</param>
    /// <param name="bars">At least one.</param>
    public static Chart Of(string name, string title, string unit, IReadOnlyList<Bar> bars)
    {
        Axis axis = Axis.Over(0, bars.Max(bar => bar.Interval?.High ?? bar.Value), 5);
        int bottom = bars.Count * RowHeight;
        double X(double value) => axis.Place(value, Chart.Margin, Chart.Width - Chart.Margin);
        bool hasIntervals = bars.Any(bar => bar.Interval is not null);
        return new Chart(name, title, $"{title}: {string.Join("; ", bars.Select(bar => $"{bar.Label} {Words(bar)}"))}.", bottom + Foot, Html.Of($"""
            {bars.Select((bar, i) => Draw(bar, i * RowHeight, X, axis))}
            {axis.Ticks.Select(tick => Chart.Column(X(tick), bottom, axis.Label(tick)))}
            <text class="tick" x="{Chart.Width / 2}" y="{bottom + 34}" text-anchor="middle">{unit}{(hasIntervals ? ", with 95 % intervals" : "")}</text>
            """));
    }

    private static Html Draw(Bar bar, double top, Func<double, double> x, Axis axis)
    {
        double left = x(0), y = top + BarTop, middle = y + (BarHeight / 2.0);
        string colour = bar.Series.ToString().ToLowerInvariant();
        Html stripe = bar.HasWords ? Html.Of($"""<rect class="words" x="{left:0.#}" y="{y + BarHeight}" width="{x(bar.Value) - left:0.#}" height="{Stripe}"/>""") : Html.Empty;

        // The grid keeps to the bars, so that no line goes through a label.
        string grid = string.Concat(axis.Ticks.Select(tick => string.Create(CultureInfo.InvariantCulture, $"M{x(tick):0.#} {y - 3}V{y + BarHeight + Stripe + 2}")));
        return Html.Of($"""
            <path class="grid" d="{grid}"/><text x="{Chart.Margin}" y="{top + 14}">{Html.Cut(bar.Label, LongestLabel)}</text><text class="value" x="{Chart.Width - Chart.Margin}" y="{top + 14}" text-anchor="end">{Words(bar)}</text>
            <rect class="{colour}" x="{left:0.#}" y="{y}" width="{x(bar.Value) - left:0.#}" height="{BarHeight}"/>{stripe}{(bar.Interval is { } interval ? Whisker("halo", interval, x, middle) : Html.Empty)}{(bar.Interval is { } same ? Whisker("whisker", same, x, middle) : Html.Empty)}
            """);
    }

    private static Html Whisker(string style, BootstrapInterval interval, Func<double, double> x, double y)
        => Html.Of($"""<path class="{style}" d="M{x(interval.Low):0.#} {y - 3:0.#}v6m0-3H{x(interval.High):0.#}m0-3v6"/>""");

    private static string Words(Bar bar) => string.Create(
        CultureInfo.InvariantCulture, $"{bar.Value:.000}{(bar.Interval is { } interval ? string.Create(CultureInfo.InvariantCulture, $" ({interval.Low:.000} to {interval.High:.000})") : "")}");
}
