namespace GenQ.Generation;

/// <summary>How far the writing of queries has come.</summary>
/// <param name="Queries">Queries written so far, those of an earlier, interrupted run included.</param>
/// <param name="Total">Queries to write.</param>
/// <param name="Sample">One of the latest queries.</param>
public readonly record struct GenerationProgress(int Queries, int Total, string Sample);
