using GenQ.Generation;
using GenQ.Training;

namespace GenQ;

/// <summary>What a run would do with its passages.</summary>
/// <param name="Passages">Passages in all.</param>
/// <param name="Queries">Training queries that would be written, about.</param>
/// <param name="Steps">Training steps, about.</param>
public sealed record RunPlan(int Passages, int Queries, int Steps)
{
    /// <summary>Plans a run.</summary>
    /// <param name="settings">The run's settings.</param>
    /// <param name="mixture">Who writes the queries.</param>
    /// <param name="passages">Passages in all.</param>
    internal static RunPlan Of(GenQSettings settings, QueryMixture mixture, int passages)
    {
        BiEncoderTrainerOptions training = settings.Training;
        int others = (int)Math.Round(passages * (1 - settings.HeldOutShare)), trained = Math.Min(others, settings.MostTrainingPassages ?? others);
        int examples = (mixture.Count + training.QueriesTogether - 1) / training.QueriesTogether;
        return new RunPlan(
            passages, mixture.Count * trained, NoDuplicatesSampler.CountSteps(trained * examples, training.BatchSize, training.Epochs, training.MaxSteps));
    }
}
