namespace GenQ.Retrieval;

/// <summary>A mean difference and the interval that holds it with 95 % confidence.</summary>
/// <param name="Low">2.5 % of the resampled differences are below.</param>
/// <param name="Mean">The difference of the means.</param>
/// <param name="High">2.5 % of the resampled differences are above.</param>
public readonly record struct BootstrapInterval(double Low, double Mean, double High);
