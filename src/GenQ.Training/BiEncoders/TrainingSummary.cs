namespace GenQ.Training;

/// <summary>What a bi-encoder's training did with its pairs.</summary>
/// <param name="Steps">Batches trained on: usable pairs (passages, where their queries stand together) / batch size, rounded down, times epochs, or the most that were asked for.</param>
/// <param name="WarmupSteps">Of these, those in which the learning rate rose.</param>
/// <param name="Pairs">Pairs given.</param>
/// <param name="EmptyPairs">Pairs skipped because the query or the passage is empty.</param>
/// <param name="UnusedPairs">Pairs in no batch: in conflict with every one, or left over when the last was full.</param>
public sealed record TrainingSummary(int Steps, int WarmupSteps, int Pairs, int EmptyPairs, int UnusedPairs)
{
    /// <summary>After which step the model was found best, and is kept; <see langword="null"/> where nobody looked.</summary>
    public long? BestStep { get; init; }

    /// <summary>Says it in a sentence.</summary>
    internal FormattableString InWords => $"trained {Steps:N0} steps, {WarmupSteps:N0} of them warm-up; {EmptyPairs:N0} pairs were empty, {UnusedPairs:N0} stood in no batch{(BestStep is { } best ? $"; best on held-out queries after step {best:N0}, which is kept" : "")}";
}
