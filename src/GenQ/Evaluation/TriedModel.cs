using GenQ.Retrieval;

namespace GenQ.Evaluation;

/// <summary>A model that was measured on queries of the passages that are set aside.</summary>
/// <param name="BaseShare">How much of the way back to the base its weights are moved.</param>
/// <param name="Verdict">The verdict on it, in a word.</param>
/// <param name="ByDefault">nDCG@10 in the default search, it minus the base.</param>
/// <param name="ByMeaning">The same searched by meaning alone.</param>
public sealed record TriedModel(double BaseShare, string Verdict, BootstrapInterval ByDefault, BootstrapInterval ByMeaning);
