using GenQ.Data;

namespace GenQ.Documents;

/// <summary>What became of one file: documents, or the reason why there are none, or fewer than it holds.</summary>
/// <param name="Source">The file, as a path below the folder that was read, with slashes.</param>
/// <param name="Documents">Its documents, in file order; none where it was skipped.</param>
/// <param name="Skipped">Why it was not read, or what of it was not; <see langword="null"/> where all of it was.</param>
public sealed record LoadedFile(string Source, IReadOnlyList<Document> Documents, SkippedFile? Skipped = null);
