namespace GenQ.Training;

/// <summary>What counts as the right answer to a query among the passages of a batch.</summary>
public enum LabelKind
{
    /// <summary>Its own passage alone, all others are wrong: the published method.</summary>
    Hard,

    /// <summary>
    /// Every passage as far as the untuned model and BM25 together find it. For a model that can search already: where several passages
    /// answer a query, it does not unlearn all but one of them.
    /// </summary>
    Soft,

    /// <summary>
    /// As <see cref="Soft"/>, but no passage is more right than the query's own: it gets the score of the best of the batch, and a margin. For good
    /// queries that several passages may answer.
    /// </summary>
    Lifted,
}
