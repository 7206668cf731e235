namespace GenQ.Data;

/// <summary>Where a generated pair came from: one line beside each pair.</summary>
/// <param name="Passage">The <see cref="Data.Passage.Id"/> of the passage that the query was written for.</param>
/// <param name="Sample">The number of the query among those of its passage, from 0.</param>
/// <param name="LogProbability">The natural logarithm of the probability with which the generator writes this query; at most 0.</param>
public sealed record PairOrigin(string Passage, int Sample, double LogProbability);
