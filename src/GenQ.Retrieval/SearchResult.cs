namespace GenQ.Retrieval;

/// <summary>A passage that a search found.</summary>
/// <param name="Passage">Its place in the corpus, from 0.</param>
/// <param name="Score">How well it fits: higher is better. Only scores of one search compare.</param>
public readonly record struct SearchResult(int Passage, float Score);
