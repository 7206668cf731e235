using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Generation;
using GenQ.Training;

namespace GenQ;

/// <summary>What a run would do with its passages.</summary>
/// <param name="Documents">Documents in all.</param>
/// <param name="Passages">Passages in all.</param>
/// <param name="TrainingPassages">Passages that would get training queries.</param>
/// <param name="EvaluationPassages">Passages that would get evaluation queries.</param>
/// <param name="Queries">Training queries that would be written.</param>
/// <param name="Steps">Training steps, about: the filter may leave fewer.</param>
public sealed record RunPlan(int Documents, int Passages, int TrainingPassages, int EvaluationPassages, int Queries, int Steps)
{
    /// <summary>What each stage would take; none where nothing was tried.</summary>
    public IReadOnlyList<StageEstimate> Stages { get; init; } = [];

    /// <summary>Plans a run.</summary>
    /// <param name="settings">The run's settings.</param>
    /// <param name="mixture">Who writes the queries.</param>
    /// <param name="passages">The passages of the run.</param>
    internal static RunPlan Of(GenQSettings settings, QueryMixture mixture, IReadOnlyList<Passage> passages)
    {
        BiEncoderTrainerOptions training = settings.Training;
        (Passage[] trained, Passage[] evaluated) = HoldOut.Of(passages, settings).Split(passages, settings.Seed);
        int examples = (mixture.Count + training.QueriesTogether - 1) / training.QueriesTogether;
        return new RunPlan(
            passages.Select(passage => passage.Origin?.DocumentId ?? passage.Id).Distinct().Count(),
            passages.Count,
            trained.Length,
            evaluated.Length,
            mixture.Count * trained.Length,
            NoDuplicatesSampler.CountSteps(trained.Length * examples, training.BatchSize, training.Epochs, training.MaxSteps));
    }
}
