using GenQ.Compute;

namespace GenQ.Training;

/// <summary>Batches of any passages: the examples of each pass are shuffled.</summary>
/// <param name="count">How many examples there are.</param>
/// <param name="seed">Where the orders come from.</param>
internal sealed class ShuffledExamples(int count, long seed) : IExampleOrder
{
    /// <inheritdoc/>
    public int[] Examples(int pass)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new CounterRandom(seed, pass).Shuffle<int>(order);
        return order;
    }

    /// <summary>Leaves the batches in the order in which they were begun.</summary>
    public void Arrange(Span<int[]> batches, int pass)
    {
    }
}
