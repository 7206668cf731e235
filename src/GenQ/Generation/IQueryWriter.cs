namespace GenQ.Generation;

/// <summary>Writes the queries that passages answer. A T5 does it, a crop of the passage, or a writer of your own.</summary>
public interface IQueryWriter
{
    /// <summary>
    /// What decides its queries, by name: the model, its settings, its prompt. It becomes part of genq.json, and a run refuses to mix queries of
    /// writers that differ in it.
    /// </summary>
    IReadOnlyDictionary<string, string> Identity { get; }

    /// <summary>Writes queries for passages.</summary>
    /// <param name="request">The passages, and which queries of each.</param>
    /// <param name="cancellation">Stops the writing; what has been given out may be lost.</param>
    /// <returns>
    /// Each passage's queries, in any order of the passages. A query that is missing counts as empty, so a passage of which nothing can be asked
    /// may be left out.
    /// </returns>
    IAsyncEnumerable<PassageQueries> WriteAsync(QueryRequest request, CancellationToken cancellation = default);
}
