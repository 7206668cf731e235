namespace GenQ.Data;

/// <summary>A text without a label, from which a student learns what its teachers say of it.</summary>
/// <param name="Text">The text.</param>
/// <param name="IsQuery">Whether an encoder with prompts reads it behind the one for queries, else behind the one for passages.</param>
/// <param name="Passage">The passage that a query was asked of, where it is known.</param>
public sealed record DistillationText(string Text, bool IsQuery, string? Passage = null);
