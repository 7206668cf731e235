using GenQ.Data;

namespace GenQ.Generation;

/// <summary>What a <see cref="IQueryWriter"/> is asked for.</summary>
/// <param name="Passages">The passages: those of one file of pairs, some hundred.</param>
/// <param name="Count">Queries of each, at least 1.</param>
/// <param name="FirstSample">
/// The number of the first query among its passage's, at least 0. What is drawn for query n of a passage depends on the passage's id and on n alone,
/// so that batches, order and interruptions do not change it.
/// </param>
public sealed record QueryRequest(IReadOnlyList<Passage> Passages, int Count, int FirstSample = 0);
