using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using static System.FormattableString;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// Tunes a sentence encoder on (query, passage) pairs: pairs → batches without duplicates → vectors of both columns →
/// multiple-negatives ranking loss → gradients → AdamW → model. As sentence-transformers' <c>fit()</c>; where the options ask
/// for it, with batches of passages that are alike, and with labels that know of other right answers.
/// </summary>
public sealed class BiEncoderTrainer
{
    // Keeps the draws of dropout apart from those of the order, which come from the same seed; a part of a batch has a number of its own behind it.
    private const long DropoutPart = 1;

    private readonly BiEncoderTrainerOptions _options;

    /// <summary>Creates a trainer.</summary>
    public BiEncoderTrainer(BiEncoderTrainerOptions? options = null)
    {
        options ??= new BiEncoderTrainerOptions();
        _options = options with { Precision = CpuFeatures.Current.Resolve(options.Precision) };
    }

    /// <summary>Trains a model, or goes on with an interrupted training of the same model, pairs and settings.</summary>
    /// <param name="start">The model to start from: a folder, or a name on the hub.</param>
    /// <param name="pairs">Queries and the passages that answer them.</param>
    /// <param name="output">
    /// Receives <c>model/</c>, <c>training.jsonl</c> and, while it lasts, <c>checkpoints/</c>, with the model of the last
    /// checkpoint in <c>checkpoints/model/</c>, ready to load.
    /// </param>
    /// <param name="card">What the model's README.md says; the settings of the training are added.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="reading">
    /// Told how many passages the untrained model has read, of how many, before the first step, where the options need that.
    /// </param>
    /// <param name="measure">
    /// Says how well the model of a folder searches, the higher the better: it is asked as often as <see cref="BiEncoderTrainerOptions.Looks"/> says. It has to say the same of the
    /// same model.
    /// </param>
    /// <param name="cancellation">Stops after the current step, with a checkpoint.</param>
    /// <exception cref="GenQException">
    /// A broken model, too few different pairs for a batch, other settings than the checkpoint's, or a gradient that is not a number.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the same call goes on from there.</exception>
    public TrainingSummary Train(
        string start,
        IReadOnlyList<QueryPassagePair> pairs,
        string output,
        ModelCard? card = null,
        IProgress<TrainingStep>? progress = null,
        IProgress<(int Done, int Total)>? reading = null,
        Func<string, double>? measure = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        QueryPassagePair[] usable = [.. pairs.Where(pair => pair.HasBothTexts)];
        RankingExample[] examples = RankingExample.Of(usable, _options.QueriesTogether);
        NoDuplicatesSampler.RequireBatch(examples, _options.BatchSize);
        using Supervision supervision = Supervision.Of(_options, examples, () => Load(start, _options.Precision), reading, cancellation);
        NoDuplicatesSampler sampler = new(
            examples, _options.BatchSize, _options.Epochs, supervision.Order, _options.MaxSteps, supervision.Labels.MayRepeatQueries, _options.NearDuplicatesApart);
        WarmupLinearSchedule schedule = new(_options.LearningRate, (int)(sampler.Steps * _options.WarmupShare), sampler.Steps);
        TrainingSummary summary = new(sampler.Steps, schedule.WarmupSteps, pairs.Count, pairs.Count - usable.Length, sampler.UnusedPairs);

        using BiEncoder model = Load(start, Precision.Fp32);
        using AdamW optimizer = AdamW.Of(
            model.Network, _options.Precision, new AdamWOptions { WeightDecay = (float)_options.WeightDecay });
        model.Network.train();
        GradientCache cache = new(model, TrainingMemory.Tokens(model.Network, _options.Memory));

        // Which passages are alike hangs on the last digits of the base's vectors, and those on processor and threads.
        Dictionary<string, string> identity = new(Identity(start, usable)) { ["batches, by processor and threads"] = sampler.Hash };
        TrainingSession session = new(
            output, optimizer, schedule, _options.CheckpointEvery, identity, saved => FormerIdentity.Translate(saved, identity));
        card ??= new ModelCard { Name = ModelCard.NameOf(output), BaseModel = ModelCard.BaseNameOf(start) };
        card = card with { Settings = [.. card.Settings, .. Rows(summary, supervision.Labels)] };
        BestPoint? best = measure is null || _options.Looks == 0 ? null : new BestPoint(output, sampler.Steps, _options.Looks, optimizer, identity, MeasureAsKept);
        session.Run(TakeStep, Save, progress, cancellation);
        summary = summary with { BestStep = best?.TakeBack() };
        if (_options.BaseShare > 0) WeightAverage.Blend(optimizer.Weights, start, _options.BaseShare);
        session.Finish(Path.Combine(output, "model"), _options.HalfWeights, Save);
        return summary;

        TrainingStep TakeStep(long step)
        {
            int[] batch = sampler.Batch(step).ToArray();
            string[] asked = [.. batch.SelectMany(example => examples[example].Queries)];

            // Both columns go through the network at once: packed, the short queries cost what they are long.
            double loss = cache.Backward(
                [.. asked.Select(model.TokenizeQuery), .. batch.Select(example => model.TokenizePassage(examples[example].Passage))],
                part => TorchRandom.Seed(new CounterRandom(_options.Seed, step, DropoutPart + part)),
                vectors => Loss(vectors, asked.Length, batch, supervision));
            SessionStep taken = session.Step(asked.Length);
            return new TrainingStep(
                taken.Step, taken.Steps, loss, taken.LearningRate, taken.GradientNorm, taken.ItemsPerSecond, taken.SecondsLeft)
            {
                HeldOut = best?.Look(),
            };
        }

        double MeasureAsKept(string folder)
        {
            using IDisposable scope = NewDisposeScope();
            KeyValuePair<string, Tensor>[] weights = [.. optimizer.Weights.Select(weight => KeyValuePair.Create(weight.Key, weight.Value.detach().clone()))];
            if (_options.BaseShare > 0) WeightAverage.Blend(weights, start, _options.BaseShare);
            Save(folder, weights);
            return measure!(folder);
        }

        void Save(string folder, IEnumerable<KeyValuePair<string, Tensor>> weights) => model.Save(folder, card, weights);
    }

    /// <summary>What decides which weights come out, by name; no network is loaded for it.</summary>
    /// <param name="start">The model to start from: a folder, or a name on the hub.</param>
    /// <param name="pairs">Queries and the passages that answer them, none of them empty.</param>
    /// <exception cref="GenQException">There is no such model.</exception>
    internal Dictionary<string, string> Identity(string start, IReadOnlyList<QueryPassagePair> pairs)
        => new(TrainingDescription.Identity(_options, _options.Precision, _options.Seed))
        {
            ["pairs"] = Fingerprint.OfPairs(pairs),
            ["base"] = Fingerprint.OfModel(ModelFolder.Resolve(start)),
        };

    private BiEncoder Load(string model, Precision precision)
        => BiEncoder.Load(model, new BiEncoderOptions { Precision = precision, MaxSequenceLength = _options.MaxSequenceLength });

    private Tensor Loss(Tensor vectors, int queries, int[] batch, Supervision supervision)
    {
        Tensor scores = MultipleNegativesRanking.Scores(vectors.narrow(0, 0, queries), vectors.narrow(0, queries, batch.Length));
        if (supervision.Words is { } words) scores = scores.Plus(words.Scores(batch).Times(_options.WordsWeight));
        return MultipleNegativesRanking.LossOfScores(scores, supervision.Labels.Targets(batch));
    }

    private IEnumerable<KeyValuePair<string, string>> Rows(TrainingSummary summary, ILabels labels) => TrainingDescription.Rows(
        _options,
        _options.Precision,
        _options.Seed,
        new("Loss", Invariant($"multiple-negatives ranking, cosine x {MultipleNegativesRanking.DefaultScale}; {labels.Description}")),
        new("Pairs", $"{summary.Pairs}, {summary.EmptyPairs} empty and {summary.UnusedPairs} in no batch"),
        new("Steps", $"{summary.Steps}"),
        new("Optimizer", "AdamW, gradients clipped at norm 1"),
        new("Schedule", $"linear, {summary.WarmupSteps} steps of warm-up"));
}
