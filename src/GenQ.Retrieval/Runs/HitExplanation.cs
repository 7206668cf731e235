namespace GenQ.Retrieval;

/// <summary>Why a passage was found.</summary>
/// <param name="Words">Its BM25 score, at least 0.</param>
/// <param name="WordsRank">Its place by words alone, from 1; <see langword="null"/> where it shares no word with the query, or is not among the best 100 (or as many as were asked for).</param>
/// <param name="Meaning">Its cosine, -1 to 1.</param>
/// <param name="MeaningRank">Its place by meaning alone, from 1; <see langword="null"/> where it is not among the best 100 (or as many as were asked for).</param>
/// <param name="Matches">Where words of the query stand in its text, also in other forms ("mounts" for "mount", "serializer" for "serialization"): in the order of the text, in UTF-16 units.</param>
public sealed record HitExplanation(float Words, int? WordsRank, float Meaning, int? MeaningRank, IReadOnlyList<Range> Matches);
