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
    long Step, long Steps, double Loss, double LearningRate, double GradientNorm, double PairsPerSecond, double SecondsLeft);
