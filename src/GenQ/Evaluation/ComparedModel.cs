using GenQ.Models;

namespace GenQ.Evaluation;

/// <summary>A model to be compared with others.</summary>
/// <param name="Name">What its row is called.</param>
/// <param name="Load">Loads it when its turn comes; it is disposed of afterwards.</param>
/// <param name="Index">The file of an index that it has made of the task's corpus, where there is one: it is searched, and the corpus is not encoded again.</param>
public sealed record ComparedModel(string Name, Func<BiEncoder> Load, string? Index = null)
{
    /// <summary>What the row of the model fused with BM25 is called.</summary>
    public string Hybrid
    {
        get => field ?? ModelComparison.Hybrid(Name);
        init;
    }
}
