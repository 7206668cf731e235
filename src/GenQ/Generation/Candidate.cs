using GenQ.Models;

namespace GenQ.Generation;

/// <summary>A query that was drawn, before it is chosen or left out.</summary>
/// <param name="Passage">The passage's place among those that are written for.</param>
/// <param name="Window">Which of the passage's windows was read.</param>
/// <param name="Task">The kind that was asked for; <see langword="null"/> where the generator knows but one.</param>
/// <param name="Query">What was written.</param>
internal readonly record struct Candidate(int Passage, int Window, QueryTask? Task, GeneratedText Query);
