namespace GenQ.Bench;

/// <summary>What a benchmark found.</summary>
/// <param name="Name">What was done: "encode", "train" and so on.</param>
/// <param name="Work">On what, in words.</param>
/// <param name="Rate">Units a second: the median of the rounds.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Yardstick">The best rate that the machine reached at the bare work in the same run, in <paramref name="YardstickUnit"/>.</param>
/// <param name="YardstickUnit">What the yardstick counts.</param>
/// <param name="Share">The useful part of the yardstick that the work reached, the median of the rounds; null where there is no yardstick.</param>
public sealed record BenchmarkResult(
    string Name, string Work, double Rate, string Unit, double? Yardstick = null, string? YardstickUnit = null, double? Share = null);
