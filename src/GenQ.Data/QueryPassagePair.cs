namespace GenQ.Data;

/// <summary>A query and the passage that answers it: one training example of the bi-encoder.</summary>
/// <param name="Query">What somebody would type.</param>
/// <param name="Passage">The <see cref="Data.Passage.SearchText"/> of the passage that answers it.</param>
public readonly record struct QueryPassagePair(string Query, string Passage)
{
    /// <summary>Whether both texts say something; a pair of which one is empty teaches nothing.</summary>
    internal bool HasBothTexts => !string.IsNullOrWhiteSpace(Query) && !string.IsNullOrWhiteSpace(Passage);
}
