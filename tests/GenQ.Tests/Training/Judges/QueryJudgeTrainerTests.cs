using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Training;

namespace GenQ.Tests.Training;

[Collection(TorchRandomCollection.Name)]
public sealed class QueryJudgeTrainerTests
{
    private static readonly string Bert = Shared.Golden("checkpoints", "bert-tiny");

    private static readonly JudgedPassage[] Passages =
    [
        new("Python is a language. It was made long ago.", ["what is python", "age of python"], ["what is the is the", "is is python"]),
        new("The Normans gave their name to Normandy.", ["who were the normans"], ["what is the name is the"]),
        new("Berlin is the capital of Germany.", ["capital of germany"], ["is the is berlin"]),
    ];

    private static readonly QueryJudgeTrainerOptions Options = new()
    {
        Steps = 6,
        BatchSize = 2,
        QueriesPerPassage = 2,
        LearningRate = 1e-3,
        CheckpointEvery = 3,
        EvaluateEvery = 3,
        Precision = Precision.Fp32,
    };

    [Fact]
    public void It_learns_to_prefer_what_people_asked()
    {
        using TemporaryFolder folder = new();
        List<JudgeTrainingStep> steps = [];
        QueryJudgeTrainerOptions longer = Options with { Steps = 60, LearningRate = 5e-3 };
        new QueryJudgeTrainer(longer).Train(Bert, Passages, folder.Path, new SynchronousProgress<JudgeTrainingStep>(steps.Add));
        Assert.True(steps[^1].Loss < 0.3, $"{steps[^1].Loss}");
        using QueryJudge judge = QueryJudge.Load(folder.Path, Precision.Fp32);
        IReadOnlyList<double[]> judged = judge.Judge([.. Passages.Select(passage => (passage.Passage, (IReadOnlyList<string>)[passage.Asked[0], passage.Drawn[0], " "]))]);
        Assert.All(judged, of => Assert.Equal(0, of[2]));

        // One of the three was set aside.
        Assert.InRange(judged.Count(of => of[0] > 0.5 && of[1] < 0.5), 2, 3);
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void A_training_that_was_stopped_ends_with_the_same_weights(Precision precision)
    {
        using TemporaryFolder whole = new(), stopped = new();
        QueryJudgeTrainer trainer = new(Options with { Precision = precision });
        trainer.Train(Bert, Passages, whole.Path);
        SynchronousProgress<JudgeTrainingStep> kill = new(step =>
        {
            if (step.Step == 5) throw new InvalidOperationException("killed");
        });
        Assert.Throws<InvalidOperationException>(() => trainer.Train(Bert, Passages, stopped.Path, kill));
        trainer.Train(Bert, Passages, stopped.Path);
        Assert.Equal(File.ReadAllBytes(whole["model.safetensors"]), File.ReadAllBytes(stopped["model.safetensors"]));
        Assert.Equal(6, File.ReadAllLines(stopped["training.jsonl"]).Length);
    }

    [Fact]
    public void It_goes_on_from_a_judge_and_measures_from_time_to_time()
    {
        using TemporaryFolder first = new(), second = new();
        new QueryJudgeTrainer(Options).Train(Bert, Passages, first.Path);
        List<JudgeTrainingStep> steps = [];
        new QueryJudgeTrainer(Options with { Steps = 3, WarmupSteps = 3, LearningRate = 1e-9 }).Train(first.Path, Passages, second.Path, new SynchronousProgress<JudgeTrainingStep>(steps.Add));
        Assert.Equal([false, false, true], steps.Select(step => step.HeldOutAccuracy is not null));
        using QueryJudge before = QueryJudge.Load(first.Path, Precision.Fp32), after = QueryJudge.Load(second.Path, Precision.Fp32);
        (string, IReadOnlyList<string>)[] asked = [("Berlin is the capital of Germany.", ["capital of germany"])];
        Assert.Equal(before.Judge(asked)[0][0], after.Judge(asked)[0][0], 1e-5);
    }

    [Fact]
    public void Queries_of_both_kinds_come_together_by_their_passage()
    {
        IReadOnlyList<JudgedPassage> joined = JudgedPassage.Join(
            [new("a query", "One."), new("another", "One."), new("alone", "Two."), new("", "Three.")],
            [new("drawn", "One."), new("a query", "One."), new("drawn", "Three.")]);
        JudgedPassage one = Assert.Single(joined);
        Assert.Equal(("One.", "a query|another", "drawn"), (one.Passage, string.Join('|', one.Asked), string.Join('|', one.Drawn)));
    }

    [Fact]
    public void Pairs_of_different_passages_are_refused()
    {
        using TemporaryFolder folder = new();
        GenQException e = Assert.Throws<GenQException>(() => new QueryJudgeTrainer(Options).Train(Bert, JudgedPassage.Join([new("a", "One.")], [new("b", "Two.")]), folder.Path));
        Assert.Contains("of the same passages", e.Message, StringComparison.Ordinal);
    }
}
