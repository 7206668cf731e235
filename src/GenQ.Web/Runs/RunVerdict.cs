namespace GenQ.Web;

/// <summary>Whether adaptation has helped, as report.json says it.</summary>
/// <param name="Word">"better", "no difference shown" or "worse".</param>
/// <param name="Sentence">The same with its figures and its reservations.</param>
/// <param name="Difference">nDCG@10, adapted minus base: the low end of the 95 % interval, the mean, the high end.</param>
/// <param name="WithWords">The same where both are searched with BM25, as the page does by default.</param>
/// <param name="Queries">How many queries were measured.</param>
/// <param name="IsLabelled">Whether people labelled them; else they were generated.</param>
internal sealed record RunVerdict(string Word, string Sentence, double[] Difference, double[] WithWords, int Queries, bool IsLabelled);
