using System.Globalization;

namespace GenQ.Reporting;

/// <summary>Draws how many whole numbers there are of each size.</summary>
internal static class Histogram
{
    private const int Left = 52, Top = 28, Bottom = 172, Foot = 40, MostBins = 20;

    // A few texts of ten thousand words would press all others into one bar.
    private const double Usual = 0.99, FarBeyond = 1.5;

    /// <summary>Draws a histogram.</summary>
    /// <param name="name">The chart's name.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="unit">What is counted.</param>
    /// <param name="across">What the numbers measure.</param>
    /// <param name="values">At least one number, none below 0.</param>
    public static Chart Of(string name, string title, string unit, string across, IEnumerable<int> values)
    {
        int[] sorted = [.. values.Order()];
        int usual = sorted[(int)((sorted.Length - 1) * Usual)], last = sorted[^1] > usual * FarBeyond ? usual : sorted[^1];
        Axis x = Axis.Over(sorted[0], Math.Max(last, sorted[0]) + 1, MostBins);
        int width = Math.Max(1, (int)x.Step);
        int[] counts = new int[(int)Math.Ceiling((x.High - x.Low) / width)];
        foreach (int value in sorted) counts[Math.Min((int)((value - x.Low) / width), counts.Length - 1)]++;
        int beyond = sorted.Count(value => value >= x.High);
        Axis y = Axis.Over(0, counts.Max(), 4);
        Axis labels = Axis.Over(x.Low, x.High, 6);
        double high = x.Low + (counts.Length * width);
        string rest = beyond == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {beyond:N0} longer ones count in the last bar");
        string description = string.Create(
            CultureInfo.InvariantCulture, $"{title}: {sorted.Length:N0} in all, from {sorted[0]:N0} to {sorted[^1]:N0}, half of them at most {sorted[(sorted.Length - 1) / 2]:N0}{rest}.");
        return new Chart(name, title, description, Bottom + Foot, Html.Of($"""
            <text x="0" y="14">{unit}</text>
            {y.Ticks.Select(tick => Chart.Row(Y(tick), Left, y.Label(tick)))}
            {counts.Index().Where(bin => bin.Item > 0).Select(bin => Draw(bin.Index, bin.Item))}
            {labels.Ticks.Where(tick => tick >= x.Low && tick <= high).Select(tick => Chart.Column(X(tick), Bottom, labels.Label(tick)))}
            <text class="tick" x="{(Left + Chart.Width) / 2}" y="{Bottom + 34}" text-anchor="middle">{across}{rest}</text>
            """));

        double X(double value) => Left + ((value - x.Low) / (high - x.Low) * (Chart.Width - Chart.Margin - Left));
        double Y(double count) => y.Place(count, Bottom, Top);
        Html Draw(int bin, int count)
        {
            double from = x.Low + (bin * width);
            return Html.Of($"""<rect class="adapted" x="{X(from) + 0.5:0.#}" y="{Y(count):0.#}" width="{X(from + width) - X(from) - 1:0.#}" height="{Bottom - Y(count):0.#}"/>""");
        }
    }
}
