namespace GenQ.Data;

/// <summary>Where a pair came from: one line beside each pair.</summary>
/// <param name="Passage">The <see cref="Data.Passage.Id"/> of the passage that the query belongs to.</param>
/// <param name="Sample">The number of the query among those of its passage, from 0.</param>
/// <param name="Kind">How the query was made.</param>
/// <param name="LogProbability">
/// The natural logarithm of the probability with which the generator writes this query, at most 0; none where it does not say.
/// </param>
/// <param name="Task">Which kind of query it is, where the generator knows several: "keywords".</param>
public sealed record PairOrigin(string Passage, int Sample, PairKind Kind, double? LogProbability, string? Task = null);
