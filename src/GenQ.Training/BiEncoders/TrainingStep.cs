using System.Globalization;
using System.Text.Json.Serialization;

namespace GenQ.Training;

/// <summary>One step of a bi-encoder's training, as <c>training.jsonl</c> holds it.</summary>
/// <param name="Step">Counted from 1.</param>
/// <param name="Steps">Of the whole training.</param>
/// <param name="Loss">Of the batch, before the step.</param>
/// <param name="LearningRate">Of this step; 0 in the first one.</param>
/// <param name="GradientNorm">Over all parameters, before clipping.</param>
/// <param name="PairsPerSecond">Since this process began to train.</param>
/// <param name="SecondsLeft">At that rate.</param>
public sealed record TrainingStep(
    long Step, long Steps, double Loss, double LearningRate, double GradientNorm, double PairsPerSecond, double SecondsLeft)
{
    /// <summary>How well the model was found to search after this step; the higher the better. <see langword="null"/> where nobody looked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? HeldOut { get; init; }

    /// <summary>Says in a line what a person wants to see meanwhile.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"loss {Loss:0.000}, rate {LearningRate:0.0e0}, gradient {GradientNorm:0.0}, {PairsPerSecond:0} pairs/s{(HeldOut is { } found ? $", held-out {found:0.000}" : "")}");
}
