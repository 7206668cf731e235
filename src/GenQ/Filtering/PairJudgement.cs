namespace GenQ.Filtering;

/// <summary>What the filter says of a pair.</summary>
/// <param name="Verdict">Whether it is trained on, and why not.</param>
/// <param name="Score">What the verdict rests on, as <see cref="PairVerdict"/> says; <see langword="null"/> where there is no number.</param>
public readonly record struct PairJudgement(PairVerdict Verdict, double? Score);
