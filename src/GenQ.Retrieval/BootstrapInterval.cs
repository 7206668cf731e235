using System.Globalization;

namespace GenQ.Retrieval;

/// <summary>A mean, of differences mostly, and the interval that holds it with 95 % confidence.</summary>
/// <param name="Low">2.5 % of the resampled means are below.</param>
/// <param name="Mean">The mean itself.</param>
/// <param name="High">2.5 % of the resampled means are above.</param>
public readonly record struct BootstrapInterval(double Low, double Mean, double High)
{
    /// <summary>Says it as people read it: "+0.019 (95 % interval +0.013 to +0.026)".</summary>
    public override string ToString()
        => $"{Signed(Mean)} (95 % interval {Signed(Low)} to {Signed(High)})";

    // What rounds to zero has no sign of its own, and .NET would write both: -+0.000.
    internal static string Signed(double value) => (Math.Round(value, 3) + 0.0).ToString("+0.000;-0.000", CultureInfo.InvariantCulture);
}
