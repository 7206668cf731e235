namespace GenQ.Training;

/// <summary>
/// A learning rate that rises in a straight line from 0 over the warm-up, then falls in a straight line to 0 at the last step.
/// As <c>get_linear_schedule_with_warmup</c> of Hugging Face's <c>optimization.py</c>, which sentence-transformers calls WarmupLinear.
/// </summary>
/// <param name="peak">The learning rate at the end of the warm-up.</param>
/// <param name="warmupSteps">Steps of the warm-up; 0 for none.</param>
/// <param name="steps">All steps, warm-up included.</param>
internal sealed class WarmupLinearSchedule(double peak, int warmupSteps, int steps)
{
    /// <summary>All steps.</summary>
    public int Steps => steps;

    /// <summary>Steps of the warm-up.</summary>
    public int WarmupSteps => warmupSteps;

    /// <summary>Gives the learning rate of a step.</summary>
    /// <param name="step">Steps taken before: the first step of a training is 0, and with a warm-up it learns nothing.</param>
    public double LearningRate(long step) => step < warmupSteps
        ? peak * step / Math.Max(1, warmupSteps)
        : peak * Math.Max(0, (double)(steps - step) / Math.Max(1, steps - warmupSteps));
}
