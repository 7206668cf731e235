using GenQ.Data;

namespace GenQ.Generation;

/// <summary>A query that an <see cref="IQueryWriter"/> has written.</summary>
/// <param name="Text">The query; an empty one keeps its place and is not trained on.</param>
/// <param name="Kind">How it came about.</param>
/// <param name="LogProbability">The writer's own judgement, the logarithm of the text's probability, where it has one.</param>
/// <param name="Task">Which kind of query it is, where the writer knows several: "keywords".</param>
public sealed record WrittenQuery(string Text, PairKind Kind = PairKind.Generated, double? LogProbability = null, string? Task = null);
