namespace GenQ.Training;

/// <summary>What a <see cref="TrainingSession"/> knows of a step that was taken.</summary>
/// <param name="Step">Counted from 1.</param>
/// <param name="Steps">Of the whole training.</param>
/// <param name="LearningRate">Of this step.</param>
/// <param name="GradientNorm">Over all parameters, before clipping.</param>
/// <param name="ItemsPerSecond">What was learned from, such as pairs or tokens, since this process began to train.</param>
/// <param name="SecondsLeft">At that rate of steps.</param>
internal readonly record struct SessionStep(
    long Step, long Steps, double LearningRate, double GradientNorm, double ItemsPerSecond, double SecondsLeft)
{
    /// <summary>Whether what happens every so many steps, and at the end, happens after this one.</summary>
    public bool IsDue(int every) => Step % every == 0 || Step == Steps;
}
