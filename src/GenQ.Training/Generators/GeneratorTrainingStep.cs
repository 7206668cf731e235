using System.Globalization;

namespace GenQ.Training;

/// <summary>One step of a generator's training, as <c>training.jsonl</c> holds it.</summary>
/// <param name="Step">Counted from 1.</param>
/// <param name="Steps">Of the whole training.</param>
/// <param name="Loss">Mean cross-entropy of the batch's target tokens.</param>
/// <param name="LearningRate">Of this step.</param>
/// <param name="GradientNorm">Before clipping.</param>
/// <param name="TokensPerSecond">Tokens read and written, padding not counted, since this process began.</param>
/// <param name="HeldOutLosses">Mean cross-entropy of the held-out targets' tokens, of each held-out set, where it was measured after this step; else empty.</param>
public sealed record GeneratorTrainingStep(
    long Step, long Steps, double Loss, double LearningRate, double GradientNorm, double TokensPerSecond, IReadOnlyList<double> HeldOutLosses)
{
    /// <summary>Says in a line what a person wants to see meanwhile.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"loss {Loss:0.000}, rate {LearningRate:0.0e0}, gradient {GradientNorm:0.00}, {TokensPerSecond:0} tokens/s")
        + (HeldOutLosses.Count > 0 ? $", held-out loss {string.Join(", ", HeldOutLosses.Select(loss => loss.ToString("0.000", CultureInfo.InvariantCulture)))}" : "");
}
