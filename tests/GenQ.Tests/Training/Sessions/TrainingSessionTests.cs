using GenQ.Data;
using GenQ.Text;
using GenQ.Training;
using TorchSharp;
using static TorchSharp.torch;
using AdamW = GenQ.Training.AdamW;
using Parameter = TorchSharp.Modules.Parameter;

namespace GenQ.Tests.Training;

public sealed class TrainingSessionTests
{
    private static readonly Dictionary<string, string> Identity = new() { ["steps"] = "7" };

    [Fact]
    public void Checkpoints_come_at_their_cadence_and_not_after_the_last_step()
    {
        using TemporaryFolder folder = new();
        using Training training = new();
        List<string> saved = [];
        List<long> steps = [];
        TrainingSession session = training.Open(folder.Path);
        session.Run(step => Take(session, training, step), Save, new SynchronousProgress<long>(steps.Add), CancellationToken.None);
        Assert.Equal([1L, 2, 3, 4, 5, 6, 7], steps);
        Assert.Equal(2, saved.Count);
        Assert.All(saved, model => Assert.Equal(folder["checkpoints", "model"], model));
        Assert.Equal("6", SafeTensors.ReadHeader(folder["checkpoints", "checkpoint.safetensors"]).Metadata["step"]);

        session.Finish(folder["model"], asHalf: false, Save);
        Assert.Equal(folder["model"], saved[^1]);
        Assert.False(Directory.Exists(folder["checkpoints"]));
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], File.ReadAllLines(folder["training.jsonl"]));

        void Save(string model, IEnumerable<KeyValuePair<string, Tensor>> weights) => saved.Add(model);
    }

    [Fact]
    public void A_cancelled_session_leaves_a_checkpoint_and_the_next_goes_on_with_the_same_rates_and_what_was_computed_once()
    {
        using TemporaryFolder folder = new();
        using Training first = new(), second = new();
        using CancellationTokenSource stop = new();
        TrainingSession session = first.Open(folder.Path);
        using Tensor once = session.Once("drawn", () => tensor([1f, 2]));
        Assert.Throws<OperationCanceledException>(() => session.Run(
            step => Take(session, first, step), null, new SynchronousProgress<long>(step => { if (step == 5) stop.Cancel(); }), stop.Token));

        List<double> rates = [];
        TrainingSession next = second.Open(folder.Path);
        using Tensor again = next.Once("drawn", () => throw new InvalidOperationException("is computed once"));
        Assert.Equal([1f, 2], again.data<float>().ToArray());
        next.Run(
            step =>
            {
                second.Weight.sum().backward();
                SessionStep taken = next.Step(1);
                rates.Add(taken.LearningRate);
                Assert.True(taken.SecondsLeft >= 0 && taken.ItemsPerSecond > 0);
                return taken.Step;
            },
            null, null, CancellationToken.None);
        Assert.Equal([Rate(5), Rate(6)], rates);
        Assert.Equal(7, File.ReadAllLines(folder["training.jsonl"]).Length);

        static double Rate(long step) => new WarmupLinearSchedule(0.1, 2, 7).LearningRate(step);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(7, true)]
    public void What_is_done_from_time_to_time_is_done_after_the_last_step_too(long step, bool isDue)
        => Assert.Equal(isDue, new SessionStep(step, 7, 0, 0, 0, 0).IsDue(3));

    private static long Take(TrainingSession session, Training training, long step)
    {
        training.Weight.sum().backward();
        SessionStep taken = session.Step(items: 2);
        Assert.Equal(step + 1, taken.Step);
        return taken.Step;
    }

    // One weight that is to become less; seven steps, a checkpoint every three.
    private sealed class Training : IDisposable
    {
        private readonly DisposeScope _scope = NewDisposeScope();
        private readonly AdamW _optimizer;

        public Training()
        {
            Weight = new Parameter(ones(3));
            _optimizer = new AdamW([("weight", Weight)], new AdamWOptions());
        }

        public Parameter Weight { get; }

        public TrainingSession Open(string output) => new(output, _optimizer, new WarmupLinearSchedule(0.1, 2, 7), 3, Identity);

        public void Dispose()
        {
            _optimizer.Dispose();
            _scope.Dispose();
        }
    }
}
