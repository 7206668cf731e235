using System.Globalization;

namespace GenQ.Training;

/// <summary>One step of a judge's training, as <c>training.jsonl</c> holds it.</summary>
/// <param name="Step">Counted from 1.</param>
/// <param name="Steps">Of the whole training.</param>
/// <param name="Loss">Mean binary cross-entropy of the batch's queries.</param>
/// <param name="LearningRate">Of this step.</param>
/// <param name="GradientNorm">Before clipping.</param>
/// <param name="QueriesPerSecond">Since this process began.</param>
/// <param name="HeldOutAccuracy">
/// Of the held-out passages, in how many pairs of a person's and a generator's query of one passage the person's has the higher score, 0 to 1; where
/// it was measured after this step, else null.
/// </param>
public sealed record JudgeTrainingStep(
    long Step, long Steps, double Loss, double LearningRate, double GradientNorm, double QueriesPerSecond, double? HeldOutAccuracy)
{
    /// <summary>Says in a line what a person wants to see meanwhile.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"loss {Loss:0.000}, rate {LearningRate:0.0e0}, gradient {GradientNorm:0.00}, {QueriesPerSecond:0} queries/s")
        + (HeldOutAccuracy is { } share ? string.Create(CultureInfo.InvariantCulture, $", held-out pairs in order {share:0.000}") : "");
}
