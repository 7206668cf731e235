using System.Diagnostics;
using System.Globalization;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// Tunes a sentence encoder on (query, passage) pairs: pairs → batches without duplicates → vectors of both columns →
/// multiple-negatives ranking loss → gradients → AdamW. As sentence-transformers' <c>fit()</c>, and where the options ask
/// it with a <see cref="Guide"/>: batches of passages that are alike, and labels that know of other right answers.
/// </summary>
public sealed class BiEncoderTrainer
{
    // Keeps the draws of dropout apart from those of the order, which come from the same seed.
    private const long DropoutPart = 1;

    private readonly BiEncoderTrainerOptions _options;

    /// <summary>Creates a trainer.</summary>
    public BiEncoderTrainer(BiEncoderTrainerOptions? options = null) => _options = options ?? new BiEncoderTrainerOptions();

    /// <summary>Trains a model, or goes on with an interrupted training of the same model, pairs and settings.</summary>
    /// <param name="start">The model to start from: a folder, or a name on the hub.</param>
    /// <param name="pairs">Queries and the passages that answer them.</param>
    /// <param name="output">
    /// Receives <c>model/</c>, <c>training.jsonl</c> and, while it lasts, <c>checkpoints/</c>, with the model of the last
    /// checkpoint in <c>checkpoints/model/</c>, ready to load.
    /// </param>
    /// <param name="card">What the model's README.md says; the settings of the training are added.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="reading">Told how many passages the <see cref="Guide"/> has read, of how many, before the first step.</param>
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
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        QueryPassagePair[] usable =
            [.. pairs.Where(pair => !string.IsNullOrWhiteSpace(pair.Query) && !string.IsNullOrWhiteSpace(pair.Passage))];
        RankingExample[] examples = RankingExample.Of(usable, _options.QueriesTogether);
        NoDuplicatesSampler.RequireBatch(examples, _options.BatchSize);
        using Guide? guide = IsGuided ? new Guide(Load(start, ResolvePrecision()), examples, reading, cancellation) : null;
        NoDuplicatesSampler sampler = new(
            examples, _options.BatchSize, _options.Epochs, _options.Seed, _options.Neighbours, _options.Neighbours > 1 ? guide?.Neighbours() : null,
            _options.MaxSteps, mayRepeatQueries: _options.Labels == LabelKind.Soft);
        WarmupLinearSchedule schedule = new(_options.LearningRate, (int)(sampler.Steps * _options.WarmupShare), sampler.Steps);
        TrainingSummary summary = new(sampler.Steps, schedule.WarmupSteps, pairs.Count, pairs.Count - usable.Length, sampler.UnusedPairs);

        using BiEncoder model = Load(start, Precision.Fp32);
        using AdamW optimizer = AdamW.Of(
            model.Network, ResolvePrecision(), new AdamWOptions { WeightDecay = (float)_options.WeightDecay });
        model.Network.train();

        Dictionary<string, string> identity = Identity(start, usable, sampler);
        TrainingCheckpoint.Resume(new RunFolder(output).Checkpoints, optimizer, identity);
        card ??= new ModelCard { Name = ModelCard.NameOf(output), BaseModel = ModelCard.BaseNameOf(start) };
        card = card with { Settings = [.. card.Settings, .. Settings(summary, model.MaxSequenceLength)] };
        Stopwatch clock = Stopwatch.StartNew();
        long first = optimizer.Steps;
        TrainingLoop.Run(
            output,
            optimizer,
            sampler.Steps,
            _options.CheckpointEvery,
            identity,
            TakeStep,
            folder => model.Save(folder, card, optimizer.Weights),
            progress,
            cancellation);
        if (_options.BaseShare > 0) WeightAverage.Blend(optimizer.Weights, start, _options.BaseShare);
        model.Save(Path.Combine(output, "model"), card, optimizer.WeightsAs(_options.HalfWeights ? ScalarType.Float16 : ScalarType.Float32));
        TrainingCheckpoint.Delete(new RunFolder(output).Checkpoints);
        return summary;

        TrainingStep TakeStep(long step)
        {
            SeedDropout(step, model.Network);
            double loss = Backward(model, examples, sampler.Batch(step).ToArray(), _options.Labels == LabelKind.Soft ? guide : null);
            double rate = schedule.LearningRate(step);
            double norm = optimizer.Step(rate);
            double stepsPerSecond = (optimizer.Steps - first) / clock.Elapsed.TotalSeconds;
            return new TrainingStep(
                optimizer.Steps, sampler.Steps, loss, rate, norm,
                stepsPerSecond * _options.BatchSize * usable.Length / examples.Length, (sampler.Steps - optimizer.Steps) / stepsPerSecond);
        }
    }

    private bool IsGuided => _options.Labels == LabelKind.Soft || _options.Neighbours > 1;

    private BiEncoder Load(string model, Precision precision) => BiEncoder.LoadOn(
        _options.Device, model, new BiEncoderOptions { Precision = precision, MaxSequenceLength = _options.MaxSequenceLength });

    // Both columns go through the network at once: packed, the short queries cost what they are long.
    private static double Backward(BiEncoder model, RankingExample[] examples, int[] batch, Guide? labels)
    {
        using IDisposable scope = NewDisposeScope();
        string[] asked = [.. batch.SelectMany(example => examples[example].Queries)];
        Tensor vectors = model.Embed(
            [.. asked.Select(model.TokenizeQuery), .. batch.Select(example => model.TokenizePassage(examples[example].Passage))]);
        Tensor queries = vectors.narrow(0, 0, asked.Length), passages = vectors.narrow(0, asked.Length, batch.Length);
        long[] own = [.. batch.Index().SelectMany(example => Enumerable.Repeat((long)example.Index, examples[example.Item].Queries.Count))];
        Tensor loss = labels is null
            ? MultipleNegativesRanking.Loss(queries, passages, own)
            : MultipleNegativesRanking.Loss(queries, passages, labels.Scores(batch));
        loss.backward();
        return loss.item<float>();
    }

    // The masks of a step depend on (seed, step) alone, so that a resumed training draws the same ones.
    private void SeedDropout(long step, EncoderNetwork network)
    {
        long seed = (long)(new CounterRandom(_options.Seed, step, DropoutPart).Bits(0) >> 1);
        manual_seed(seed);
        if (network.Device.type == DeviceType.CUDA) cuda.manual_seed(seed);
    }

    private Precision ResolvePrecision() => _options.Precision == Precision.Auto && _options.Device != "cpu"
        ? Precision.Bf16
        : CpuFeatures.Current.Resolve(_options.Precision);

    // What decides which weights come out; a checkpoint of a training that differs in any of it is refused.
    private Dictionary<string, string> Identity(string start, QueryPassagePair[] pairs, NoDuplicatesSampler sampler)
    {
        return new Dictionary<string, string>
        {
            ["start"] = Fingerprint.OfModel(ModelFolder.Resolve(start)),
            ["pairs"] = Fingerprint.OfPairs(pairs),
            ["batch size"] = Text(_options.BatchSize),
            ["queries together"] = Text(_options.QueriesTogether),
            ["epochs"] = Text(_options.Epochs),
            ["most steps"] = _options.MaxSteps is { } steps ? Text(steps) : "no limit",
            ["learning rate"] = Text(_options.LearningRate),
            ["warm-up share"] = Text(_options.WarmupShare),
            ["weight decay"] = Text(_options.WeightDecay),
            ["longest sequence"] = _options.MaxSequenceLength is { } length ? Text(length) : "the model's",
            ["labels"] = $"{_options.Labels}",
            ["neighbours"] = Text(_options.Neighbours),

            // Which passages are alike hangs on the last digits of the base's vectors, and those on processor and threads.
            ["batches, by processor and threads"] = sampler.Hash,
            ["base share"] = Text(_options.BaseShare),
            ["precision"] = $"{ResolvePrecision()}",
            ["seed"] = Text(_options.Seed),
        };
    }

    private List<KeyValuePair<string, string>> Settings(TrainingSummary summary, int maxSequenceLength) =>
    [
        new("Loss", $"multiple-negatives ranking, cosine x {Text(MultipleNegativesRanking.DefaultScale)}"
            + (_options.Labels == LabelKind.Soft ? "; labels as the base's scores and BM25 say together" : "")),
        new("Pairs", $"{summary.Pairs}, {summary.EmptyPairs} empty and {summary.UnusedPairs} in no batch"),
        new("Batch", $"{_options.BatchSize}, no {(_options.Labels == LabelKind.Soft ? "passage" : "text")} twice"
            + (_options.QueriesTogether > 1 ? $", up to {_options.QueriesTogether} queries with each passage" : "")
            + (_options.Neighbours > 1 ? $", {_options.Neighbours} passages each that are alike" : "")),
        new("Steps", $"{summary.Steps} of {_options.Epochs} epoch(s)" + (_options.MaxSteps is { } limit ? $", {limit} at most" : "")),
        new("Optimizer", $"AdamW, weight decay {Text(_options.WeightDecay)}, gradients clipped at norm 1"),
        new("Learning rate", Text(_options.LearningRate)),
        new("Schedule", $"linear, {summary.WarmupSteps} steps of warm-up"),
        .. _options.BaseShare > 0 ? [new("Weights", $"{Text(_options.BaseShare)} of the base's, the rest trained")] : (KeyValuePair<string, string>[])[],
        new("Longest sequence", $"{maxSequenceLength} tokens"),
        new("Precision", $"{ResolvePrecision()}".ToLowerInvariant()),
        new("Seed", Text(_options.Seed)),
    ];

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
