using GenQ.Retrieval;

namespace GenQ.Reporting;

/// <summary>A bar of a <see cref="BarChart"/>.</summary>
/// <param name="Label">What it is of.</param>
/// <param name="Value">How long it is, at least 0.</param>
/// <param name="Interval">Its 95 % interval; <see langword="null"/> where it is not known.</param>
/// <param name="Series">Its colour.</param>
/// <param name="HasWords">Whether BM25 is added: it has a stripe in the colour of words.</param>
internal sealed record Bar(string Label, double Value, BootstrapInterval? Interval, Series Series, bool HasWords);
