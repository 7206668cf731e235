namespace GenQ.Data;

/// <summary>What a person has said of a passage that a search found.</summary>
/// <param name="Query">What was asked.</param>
/// <param name="Passage">The passage's id.</param>
/// <param name="IsRight">Whether it answers the query.</param>
public sealed record MarkedAnswer(string Query, string Passage, bool IsRight);
