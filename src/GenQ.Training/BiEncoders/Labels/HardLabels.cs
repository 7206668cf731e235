using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>A query's own passage alone is right, all others of the batch are wrong: the published method.</summary>
/// <param name="examples">The examples of the training.</param>
internal sealed class HardLabels(RankingExample[] examples) : ILabels
{
    /// <inheritdoc/>
    public string Description => "of a batch a query's own passage alone is right";

    /// <inheritdoc/>
    public bool MayRepeatQueries => false;

    /// <inheritdoc/>
    public Tensor Targets(int[] batch) => OwnPassages(examples, batch);

    /// <summary>The number of each query's own passage in a batch.</summary>
    /// <param name="examples">The examples of the training.</param>
    /// <param name="batch">Indices of examples.</param>
    /// <returns>(queries of the batch), int64.</returns>
    public static Tensor OwnPassages(RankingExample[] examples, int[] batch)
        => tensor([.. batch.Index().SelectMany(example => Enumerable.Repeat((long)example.Index, examples[example.Item].Queries.Count))]);
}
