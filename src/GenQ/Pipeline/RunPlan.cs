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
/// <param name="Steps">Training steps at most.</param>
public sealed record RunPlan(int Documents, int Passages, int TrainingPassages, int EvaluationPassages, int Queries, int Steps)
{
    /// <summary>What each stage would take; none where nothing was tried.</summary>
    public IReadOnlyList<StageEstimate> Stages { get; init; } = [];

    /// <summary>Training steps, about: the filter leaves no more. As <see cref="Steps"/> where nothing was tried.</summary>
    public int ExpectedSteps { get; init; } = Steps;

    /// <summary>Plans a run.</summary>
    /// <param name="settings">The run's settings.</param>
    /// <param name="mixture">Who writes the queries.</param>
    /// <param name="passages">The passages of the run.</param>
    internal static RunPlan Of(GenQSettings settings, QueryMixture mixture, IReadOnlyList<Passage> passages)
    {
        BiEncoderTrainerOptions training = settings.Training;
        (Passage[] trained, Passage[] evaluated) = HoldOut.Of(passages, settings).Split(passages, settings.Seed);
        return new RunPlan(
            passages.Select(passage => passage.Origin?.DocumentId ?? passage.Id).Distinct().Count(),
            passages.Count,
            trained.Length,
            evaluated.Length,
            mixture.Count * trained.Length,
            StepsOf(trained.Length * ExamplesOf(mixture.Count, training), training));
    }

    /// <summary>How many examples the queries of one passage make.</summary>
    internal static int ExamplesOf(int queries, BiEncoderTrainerOptions training) => (queries + training.QueriesTogether - 1) / training.QueriesTogether;

    /// <summary>How many steps so many examples make.</summary>
    internal static int StepsOf(int examples, BiEncoderTrainerOptions training) => NoDuplicatesSampler.CountSteps(examples, training.BatchSize, training.Epochs, training.MaxSteps);
}
