namespace GenQ.Mcp;

/// <summary>What <c>search</c> and <c>fetch_passage</c> give.</summary>
/// <param name="Run">The run.</param>
/// <param name="Passages">The passages: of a search the best first, else in the order of their document.</param>
internal sealed record FoundPassages(string Run, IReadOnlyList<FoundPassage> Passages);
