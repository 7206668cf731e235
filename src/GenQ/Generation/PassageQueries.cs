namespace GenQ.Generation;

/// <summary>The queries of one passage.</summary>
/// <param name="Passage">The passage's place in the <see cref="QueryRequest"/>.</param>
/// <param name="Queries">Its queries, no more than were asked for.</param>
public sealed record PassageQueries(int Passage, IReadOnlyList<WrittenQuery> Queries);
