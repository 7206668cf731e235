using GenQ.Data;

namespace GenQ.Retrieval;

/// <summary>A passage that a search found.</summary>
/// <param name="Passage">The passage, with its title and origin.</param>
/// <param name="Score">Higher is better; what it means depends on the <see cref="SearchMode"/>.</param>
public sealed record SearchHit(Passage Passage, double Score)
{
    /// <summary>Why it was found; <see langword="null"/> where <see cref="SearchOptions.Explain"/> does not ask.</summary>
    public HitExplanation? Explanation { get; init; }
}
