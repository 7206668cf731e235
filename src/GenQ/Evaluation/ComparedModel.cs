using GenQ.Retrieval;
using GenQ.Text;

namespace GenQ.Evaluation;

/// <summary>A model to be compared with others.</summary>
/// <param name="Name">What its row is called.</param>
/// <param name="Load">Loads it when its turn comes; it is disposed of afterwards.</param>
/// <param name="Index">The file of its vectors of the task's corpus: searched where it is there, else written, so that an interrupted comparison goes on behind it. <see langword="null"/> takes a temporary one.</param>
public sealed record ComparedModel(string Name, Func<ISentenceEncoder> Load, string? Index = null)
{
    /// <summary>The BM25 index that the model is fused with, of the task's corpus; <see langword="null"/> takes that of the corpus as it is.</summary>
    public Bm25Index? Words { get; init; }

    /// <summary>What the row of the model fused with BM25 is called.</summary>
    public string Hybrid
    {
        get => field ?? ModelComparison.Hybrid(Name);
        init;
    }
}
