namespace GenQ.Models;

/// <summary>A text that a T5 wrote.</summary>
/// <param name="Text">The text, special tokens left out.</param>
/// <param name="LogProbability">
/// The natural logarithm of the model's probability of these tokens, end token included, before temperature and truncation.
/// </param>
public readonly record struct GeneratedText(string Text, double LogProbability);
