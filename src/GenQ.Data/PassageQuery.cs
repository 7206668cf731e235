namespace GenQ.Data;

/// <summary>A query and the passage that it was written for.</summary>
/// <param name="Passage">The passage's id.</param>
/// <param name="Query">What somebody would type.</param>
public sealed record PassageQuery(string Passage, string Query);
