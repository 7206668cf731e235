using GenQ.Compute;
using GenQ.Training;

namespace GenQ.Tests.Judges;

/// <summary>A judge of a few steps' training.</summary>
internal static class TinyJudge
{
    /// <summary>Trains it into a folder.</summary>
    public static void Create(string folder)
    {
        QueryJudgeTrainerOptions options = new() { Steps = 20, BatchSize = 1, QueriesPerPassage = 2, LearningRate = 5e-3, Precision = Precision.Fp32 };
        JudgedPassage[] passages = [new("Berlin is the capital of Germany.", ["what is berlin"], ["is the is"]), new("Ships sail.", ["what are ships"], ["sail sail is"])];
        new QueryJudgeTrainer(options).Train(Shared.Golden("checkpoints", "bert-tiny"), passages, folder);
    }
}
