namespace GenQ.Data;

/// <summary>A query of a retrieval task.</summary>
/// <param name="Id">Unique in its task.</param>
/// <param name="Text">What is asked.</param>
public sealed record RetrievalQuery(string Id, string Text);
