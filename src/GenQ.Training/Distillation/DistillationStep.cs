using System.Globalization;

namespace GenQ.Training;

/// <summary>One step of a distillation, as <c>training.jsonl</c> holds it.</summary>
/// <param name="Step">Counted from 1.</param>
/// <param name="Steps">Of the whole training.</param>
/// <param name="Loss">Of the batch, before the step.</param>
/// <param name="Cosine">Mean cosine of the batch's vectors to the teacher's, projected; before the step.</param>
/// <param name="LearningRate">Of this step; 0 in the first one.</param>
/// <param name="GradientNorm">Over all parameters, before clipping.</param>
/// <param name="TextsPerSecond">Since this process began to train.</param>
/// <param name="SecondsLeft">At that rate.</param>
/// <param name="HeldOutCosine">Mean cosine on held-out texts, where it was measured after this step.</param>
public sealed record DistillationStep(
    long Step,
    long Steps,
    double Loss,
    double Cosine,
    double LearningRate,
    double GradientNorm,
    double TextsPerSecond,
    double SecondsLeft,
    double? HeldOutCosine)
{
    /// <summary>Says in a line what a person wants to see meanwhile.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"loss {Loss:0.000}, cosine {Cosine:0.000}, rate {LearningRate:0.0e0}, gradient {GradientNorm:0.0}, {TextsPerSecond:0} texts/s")
        + (HeldOutCosine is { } cosine ? string.Create(CultureInfo.InvariantCulture, $", held-out cosine {cosine:0.0000}") : "");
}
