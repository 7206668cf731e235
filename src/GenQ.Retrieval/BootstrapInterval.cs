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
        => string.Create(CultureInfo.InvariantCulture, $"{Rounded(Mean):+0.000;-0.000} (95 % interval {Rounded(Low):+0.000;-0.000} to {Rounded(High):+0.000;-0.000})");

    // What rounds to zero has no sign: as it is, it would be written "-+0.000".
    private static double Rounded(double value) => Math.Round(value, 3) + 0.0;
}
