using System.Globalization;

namespace GenQ.Reporting;

/// <summary>A scale with round ticks, whose ends are ticks too.</summary>
/// <param name="Step">From tick to tick: 1, 2 or 5 times a power of ten.</param>
/// <param name="Ticks">The ticks, the lowest first, at least two.</param>
internal sealed record Axis(double Step, IReadOnlyList<double> Ticks)
{
    private static readonly double[] Round = [1, 2, 5, 10];

    /// <summary>The lowest value.</summary>
    public double Low => Ticks[0];

    /// <summary>The highest value.</summary>
    public double High => Ticks[^1];

    /// <summary>The scale with the finest steps that holds two values and has at most so many of them.</summary>
    /// <param name="low">A finite value.</param>
    /// <param name="high">Another, not below it. Where both are the same, the scale goes on to above it.</param>
    /// <param name="most">The most steps, at least 2.</param>
    public static Axis Over(double low, double high, int most)
    {
        if (high <= low) high = low + Math.Max(Math.Abs(low), 1);
        double power = Math.Pow(10, Math.Floor(Math.Log10((high - low) / most)));
        double step = Round.Select(round => round * power).First(step => Steps(step).Last - Steps(step).First <= most || step == Round[^1] * power);
        (double first, double last) = Steps(step);
        int decimals = Decimals(step);
        return new Axis(step, [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Math.Round((first + i) * step, decimals))]);

        (double First, double Last) Steps(double step) => (Math.Floor(low / step), Math.Ceiling(high / step));
    }

    /// <summary>Where a value stands between two places.</summary>
    public double Place(double value, double from, double to) => from + ((value - Low) / (High - Low) * (to - from));

    /// <summary>A tick as it is written: with as many decimals as the steps need.</summary>
    public string Label(double tick) => tick.ToString($"N{Decimals(Step)}", CultureInfo.InvariantCulture);

    private static int Decimals(double step) => Math.Clamp(-(int)Math.Floor(Math.Log10(step) + 1e-9), 0, 15);
}
