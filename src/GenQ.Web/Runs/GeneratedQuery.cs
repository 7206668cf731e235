namespace GenQ.Web;

/// <summary>A query that the run's writer wrote for a passage.</summary>
/// <param name="Text">The query.</param>
/// <param name="Use">What it does.</param>
/// <param name="Verdict">What the filter says of a training query, as filter.jsonl does: "Kept", or why it was dropped; <see langword="null"/> where it says nothing.</param>
internal sealed record GeneratedQuery(string Text, QueryUse Use, string? Verdict)
{
    /// <summary>Whether the adapted model has learned from it.</summary>
    public bool IsTrainedOn => Use == QueryUse.Trains && Verdict is null or nameof(Filtering.PairVerdict.Kept);
}
