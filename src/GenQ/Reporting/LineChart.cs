using System.Globalization;

namespace GenQ.Reporting;

/// <summary>Draws one value over the steps of a training.</summary>
internal static class LineChart
{
    private const int Left = 44, Top = 28, Bottom = 172, Foot = 40, MostPoints = 240;

    // Below this, ticks would be long rows of zeros: their power of ten moves into the unit.
    private const double Small = 0.001;

    /// <summary>Draws a curve. Where it has more points than can be told apart, each that is drawn is the mean of its neighbours.</summary>
    /// <param name="name">The chart's name.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="unit">What the curve measures.</param>
    /// <param name="across">What it is measured over.</param>
    /// <param name="points">At least one; those that are not finite are left out.</param>
    public static Chart Of(string name, string title, string unit, string across, IEnumerable<(double X, double Y)> points)
    {
        (double X, double Y)[] all = [.. points.Where(point => double.IsFinite(point.Y))];
        if (all.Length == 0) all = [(0, 0)];
        int together = (all.Length + MostPoints - 1) / MostPoints;
        (double X, double Y)[] drawn = [.. all.Chunk(together).Select(part => (part.Average(point => point.X), part.Average(point => point.Y)))];
        double high = drawn.Max(point => point.Y);
        int exponent = high is > 0 and < Small ? (int)Math.Floor(Math.Log10(high)) : 0;
        double scale = Math.Pow(10, -exponent);
        double first = all[0].X <= 1 ? 0 : all[0].X, last = Math.Max(all[^1].X, first + 1);
        Axis x = Axis.Over(first, last, 5), y = Axis.Over(Math.Min(0, drawn.Min(point => point.Y) * scale), high * scale, 4);
        string power = exponent == 0 ? "" : $" (in units of 10{Superscript(exponent)})";
        string path = string.Join('L', drawn.Select(point => string.Create(
            CultureInfo.InvariantCulture, $"{X(point.X):0.#} {Y(point.Y * scale):0.#}")));
        return new Chart(name, title, Describe(title, across, all), Bottom + Foot, Html.Of($"""
            <text x="0" y="14">{unit}{power}</text>
            {y.Ticks.Select(tick => Chart.Row(Y(tick), Left, y.Label(tick)))}
            {x.Ticks.Where(tick => tick >= first && tick <= last).Select(tick => Chart.Column(X(tick), Bottom, x.Label(tick)))}
            <path class="line" d="M{path}"/>
            <text class="tick" x="{(Left + Chart.Width) / 2}" y="{Bottom + 34}" text-anchor="middle">{across}{(together > 1 ? string.Create(CultureInfo.InvariantCulture, $"; each point is the mean of {together:N0}") : "")}</text>
            """));

        double X(double value) => Left + ((value - first) / (last - first) * (Chart.Width - Chart.Margin - Left));
        double Y(double value) => y.Place(value, Bottom, Top);
    }

    private static string Describe(string title, string across, (double X, double Y)[] points) => string.Create(
        CultureInfo.InvariantCulture,
        $"{title}: from {points[0].Y:G3} at {across} {points[0].X:0} to {points[^1].Y:G3} at {across} {points[^1].X:0}; lowest {points.Min(point => point.Y):G3}, highest {points.Max(point => point.Y):G3}.");

    private static string Superscript(int exponent)
        => string.Concat(exponent.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']));
}
