using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>What counts as the right answer to a query among the passages of a batch.</summary>
internal interface ILabels
{
    /// <summary>What is right, in words that follow "multiple-negatives ranking".</summary>
    string Description { get; }

    /// <summary>Whether a query may be asked of two passages of a batch: where it may have several right answers.</summary>
    bool MayRepeatQueries { get; }

    /// <summary>Gives what the scores of a batch are compared with.</summary>
    /// <param name="batch">Indices of examples: their queries, in this order, are the rows, their passages the columns.</param>
    /// <returns>As <see cref="MultipleNegativesRanking.Loss(Tensor, Tensor, Tensor, double)"/> takes them; the caller's.</returns>
    Tensor Targets(int[] batch);
}
