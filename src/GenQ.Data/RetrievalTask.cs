namespace GenQ.Data;

/// <summary>Queries, a corpus, and which passages answer which query: what a search model is measured on.</summary>
/// <param name="Name">Shown in tables.</param>
/// <param name="Queries">The queries, in file order.</param>
/// <param name="Corpus">Every passage that is searched, in file order.</param>
/// <param name="Relevant">Query id to passage id to grade; only grades above zero are relevant.</param>
public sealed record RetrievalTask(
    string Name,
    IReadOnlyList<RetrievalQuery> Queries,
    IReadOnlyList<Passage> Corpus,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Relevant);
