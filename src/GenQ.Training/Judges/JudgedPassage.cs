using GenQ.Data;

namespace GenQ.Training;

/// <summary>A passage, what people asked of it, and what a generator wrote for it: a judge learns to tell the two apart.</summary>
/// <param name="Passage">The passage.</param>
/// <param name="Asked">Queries of people, at least one.</param>
/// <param name="Drawn">Queries that a generator wrote, or that were asked of other passages, at least one.</param>
public sealed record JudgedPassage(string Passage, IReadOnlyList<string> Asked, IReadOnlyList<string> Drawn)
{
    /// <summary>Brings the queries of each passage together; a passage that lacks one of the two kinds teaches nothing and is left out.</summary>
    /// <param name="asked">Queries of people with their passages.</param>
    /// <param name="drawn">Queries of a generator with their passages.</param>
    /// <returns>The passages in the order in which they were asked of.</returns>
    public static IReadOnlyList<JudgedPassage> Join(IEnumerable<QueryPassagePair> asked, IEnumerable<QueryPassagePair> drawn)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ILookup<string, string> others = drawn.Where(pair => pair.HasBothTexts).ToLookup(pair => pair.Passage.Trim(), pair => pair.Query.Trim());
        return [.. asked.Where(pair => pair.HasBothTexts).GroupBy(pair => pair.Passage.Trim(), pair => pair.Query.Trim())
            .Where(group => others.Contains(group.Key))
            .Select(group => new JudgedPassage(group.Key, [.. group.Distinct()], [.. others[group.Key].Distinct().Except(group)]))
            .Where(passage => passage.Drawn.Count > 0)];
    }
}
