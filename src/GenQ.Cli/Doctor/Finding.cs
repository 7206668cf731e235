namespace GenQ.Cli.Doctor;

/// <summary>What <c>genq doctor</c> has found.</summary>
/// <param name="Name">What it is about, in a word or two.</param>
/// <param name="Mark">How much it matters.</param>
/// <param name="Says">What was found.</param>
/// <param name="Advice">What to do about it; <see langword="null"/> where there is nothing to do.</param>
internal sealed record Finding(string Name, FindingMark Mark, string Says, string? Advice = null);
