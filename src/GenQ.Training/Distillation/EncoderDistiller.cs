using System.Diagnostics;
using System.Globalization;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// Teaches a small sentence encoder to say of any text what a larger one says: unlabelled texts → spans → vectors of both
/// networks → <see cref="DistillationLoss"/> → gradients of the small one → AdamW.
/// </summary>
public sealed class EncoderDistiller
{
    // Held-out texts that are measured: enough to see a thousandth of the cosine.
    private const int HeldOutTexts = 512;

    // Of few texts no more than this share is held out.
    private const double HeldOutShare = 0.05;

    // Fewer texts have no similarities to compare: one other text is all of the softmax.
    private const int SmallestBatch = 3;

    private readonly EncoderDistillerOptions _options;

    /// <summary>Creates a distiller.</summary>
    public EncoderDistiller(EncoderDistillerOptions? options = null) => _options = (options ?? new EncoderDistillerOptions()).Resolve();

    /// <summary>Trains a student, or goes on with an interrupted training of the same student, teacher, texts and settings.</summary>
    /// <param name="start">The student: a folder, or a name on the hub. <see cref="FreshEncoder"/> makes one with random weights.</param>
    /// <param name="teacher">The encoder to learn from, at least as wide.</param>
    /// <param name="texts">Any texts: questions, sentences and passages.</param>
    /// <param name="output">
    /// Receives <c>model/</c>, <c>training.jsonl</c> and, while it lasts, <c>checkpoints/</c>, with the model of the last
    /// checkpoint in <c>checkpoints/model/</c>, ready to load.
    /// </param>
    /// <param name="heldOut">
    /// Texts that are only measured. Without them 512 of <paramref name="texts"/>, a twentieth at most, are set aside.
    /// </param>
    /// <param name="card">What the model's README.md says; the settings of the training are added.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Stops after the current step, with a checkpoint.</param>
    /// <exception cref="GenQException">
    /// No text, a broken model, a teacher narrower than the student, other settings than the checkpoint's, or a gradient that
    /// is not a number.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the same call goes on from there.</exception>
    public void Train(
        string start,
        string teacher,
        IReadOnlyList<string> texts,
        string output,
        IReadOnlyList<string>? heldOut = null,
        ModelCard? card = null,
        IProgress<DistillationStep>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (heldOut is null) (texts, heldOut) = SetAside(texts);
        DistillationTexts taught = new(texts, _options);
        DistillationTexts? measured = heldOut.Count > 0 ? new(heldOut, _options) : null;
        WarmupLinearSchedule schedule = new(_options.LearningRate, _options.WarmupSteps!.Value, _options.Steps);

        // The student too stays in evaluation mode, without dropout: where there are more texts than steps nothing can be
        // learned by heart, and noise would only blur what the teacher says.
        using BiEncoder large = Load(teacher, _options.Precision), small = Load(start, Precision.Fp32);
        if (large.Dimensions < small.Dimensions)
        {
            throw new GenQException(
                $"The teacher '{teacher}' gives vectors of {large.Dimensions} numbers, the student '{start}' has {small.Dimensions}: "
                + "the teacher must be at least as wide. Take a wider teacher or a smaller hidden_size.");
        }

        if (_options.LayerByLayer) RequireSameSizes(start, small.Network, teacher, large.Network);
        using AdamW optimizer = AdamW.Of(
            small.Network, _options.Precision,
            new AdamWOptions { WeightDecay = (float)_options.WeightDecay, Orthogonalizes = name => _options.Muon && IsLayersMatrix(name) });
        string projectionFile = Path.Combine(new RunFolder(output).Checkpoints, "projection.safetensors");
        Dictionary<string, string> identity = Identity(start, teacher, texts);
        bool resumed = TrainingCheckpoint.Resume(new RunFolder(output).Checkpoints, optimizer, identity);
        using Tensor projection = resumed ? TensorFile.Read(projectionFile)["projection"] : Project(small, large, taught);
        if (!resumed) TensorFile.Write(projectionFile, [new("projection", projection)]);
        card ??= new ModelCard
        {
            Name = ModelCard.NameOf(output),
            Data = $"Distilled with GenQ from `{ModelCard.BaseNameOf(teacher)}`: on unlabelled texts it was taught to give the teacher's vectors, "
                + $"projected from {large.Dimensions} to {small.Dimensions} numbers.",
        };
        List<KeyValuePair<string, string>> settings = Settings(teacher, texts.Count, small.MaxSequenceLength);
        card = card with { Settings = [.. card.Settings, .. settings] };

        Stopwatch clock = Stopwatch.StartNew();
        long first = optimizer.Steps;
        TrainingLoop.Run(
            output,
            optimizer,
            _options.Steps,
            _options.CheckpointEvery,
            identity,
            TakeStep,
            folder => small.Save(folder, card, optimizer.Weights),
            progress,
            cancellation);
        small.Save(Path.Combine(output, "model"), card, optimizer.WeightsAs(_options.HalfWeights ? ScalarType.Float16 : ScalarType.Float32));
        TrainingCheckpoint.Delete(new RunFolder(output).Checkpoints);

        DistillationStep TakeStep(long step)
        {
            (double loss, double cosine) = Backward(small, large, projection, taught.Batch(step));
            double rate = schedule.LearningRate(step);
            double norm = optimizer.Step(rate);
            bool evaluate = optimizer.Steps % _options.EvaluateEvery == 0 || optimizer.Steps == _options.Steps;
            double? heldOutCosine = evaluate && measured is not null ? Measure(small, large, projection, measured) : null;
            double stepsPerSecond = (optimizer.Steps - first) / clock.Elapsed.TotalSeconds;
            return new DistillationStep(
                optimizer.Steps, _options.Steps, loss, cosine, rate, norm,
                stepsPerSecond * _options.BatchSize, (_options.Steps - optimizer.Steps) / stepsPerSecond, heldOutCosine);
        }
    }

    /// <summary>Sets texts aside to be measured on.</summary>
    internal (IReadOnlyList<string> Taught, IReadOnlyList<string> HeldOut) SetAside(IReadOnlyList<string> texts)
    {
        int[] order = [.. Enumerable.Range(0, texts.Count)];
        new CounterRandom(_options.Seed, 0, 3).Shuffle<int>(order);
        HashSet<int> aside = [.. order.Take(Math.Min(HeldOutTexts, (int)(texts.Count * HeldOutShare)))];
        return ([.. texts.Where((_, i) => !aside.Contains(i))], [.. texts.Where((_, i) => aside.Contains(i))]);
    }

    private (double Loss, double Cosine) Backward(BiEncoder student, BiEncoder teacher, Tensor projection, string[] texts)
    {
        using IDisposable scope = NewDisposeScope();
        if (_options.LayerByLayer) return BackwardOfLayers(student, teacher, texts);
        Tensor own, known;
        Tensor? distance = null;
        if (_options.StatesWeight > 0) (own, known, distance) = EmbedWithStates(student, teacher, projection, texts);
        else (own, known) = Embed(student, teacher, texts);
        (Tensor loss, Tensor cosine) = DistillationLoss.Compute(own, known, UnitVectors.Of(known.matmul(projection)), _options.CosineWeight);
        if (distance is not null) loss = loss.Plus(distance.Times(_options.StatesWeight));
        loss.backward();
        return (loss.item<float>(), cosine.item<float>());
    }

    // Each layer, and the embeddings before the first, reads what the teacher's own reads, and is to say what that says. So no layer waits
    // until those below it have learned, and none learns to make up for their errors.
    private static (double Loss, double Cosine) BackwardOfLayers(BiEncoder student, BiEncoder teacher, string[] texts)
    {
        (PackedBatch own, PackedBatch known) = Pack(student, teacher, texts);
        Tensor[] targets;
        using (no_grad()) targets = teacher.Network.States(known);
        Tensor[] said = [student.Network.Embed(own), .. student.Network.LayersOver(own).Select((layer, i) => layer(targets[i]))];
        Tensor loss = Distance(own, said, targets);
        loss.backward();
        using IDisposable guard = no_grad();
        Tensor cosine = (UnitVectors.Of(student.Pool(said[^1], own)) * UnitVectors.Of(teacher.Pool(targets[^1], known))).sum(1).mean();
        return (loss.item<float>(), cosine.item<float>());
    }

    private double Measure(BiEncoder student, BiEncoder teacher, Tensor projection, DistillationTexts texts)
    {
        using IDisposable guard = no_grad();
        int batches = BatchesOf(HeldOutTexts);
        double sum = 0;
        for (int step = 0; step < batches; step++)
        {
            using IDisposable scope = NewDisposeScope();
            (Tensor own, Tensor known) = Embed(student, teacher, texts.Batch(step));
            sum += (own * UnitVectors.Of(known.matmul(projection))).sum(1).mean().item<float>();
        }

        return sum / batches;
    }

    // From the texts of the first steps: (teacher's width, width). A student of the teacher's sizes is taught its very coordinates.
    private Tensor Project(BiEncoder student, BiEncoder teacher, DistillationTexts texts)
    {
        if (HaveSameSizes(student.Network, teacher.Network)) return eye(student.Dimensions);
        using IDisposable guard = no_grad();
        using IDisposable scope = NewDisposeScope();
        List<Tensor> own = [], known = [];
        for (int step = 0; step < BatchesOf(_options.ProjectionTexts); step++)
        {
            (Tensor vectors, Tensor targets) = Embed(student, teacher, texts.Batch(step));
            own.Add(vectors);
            known.Add(targets);
        }

        return TeacherProjection.Fit(cat(known), cat(own)).DetachFromDisposeScope();
    }

    // (texts, width) with gradients and (texts, teacher's width) without, all of length 1. Each network reads a text with
    // its own tokenizer: even where they share the words, their special tokens differ. The teacher, half of the work, takes
    // a batch of long texts in parts, which is a tenth faster.
    private static (Tensor Student, Tensor Teacher) Embed(BiEncoder student, BiEncoder teacher, string[] texts)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor own = student.Embed([.. texts.Select(student.TokenizePassage)]);
        return (UnitVectors.Of(own).MoveToOuterDisposeScope(), UnitVectors.Of(teacher.EncodePassages(texts)).MoveToOuterDisposeScope());
    }

    // The same, and how far the tokens' states are from the teacher's: those of all layers where the networks have the same sizes, else those of
    // the last, projected.
    private static (Tensor Student, Tensor Teacher, Tensor Distance) EmbedWithStates(BiEncoder student, BiEncoder teacher, Tensor projection, string[] texts)
    {
        using IDisposable scope = NewDisposeScope();
        (PackedBatch own, PackedBatch known) = Pack(student, teacher, texts);
        Tensor[] targets;
        Tensor vectors;
        using (no_grad())
        {
            targets = teacher.Network.States(known);
            vectors = teacher.Pool(targets[^1], known);
        }

        Tensor[] states = student.Network.States(own);
        Tensor distance = HaveSameSizes(student.Network, teacher.Network)
            ? Distance(own, states, targets)
            : DistillationLoss.OfStates(own.WithoutFill(states[^1]), known.WithoutFill(targets[^1]).matmul(projection));
        return (UnitVectors.Of(student.Pool(states[^1], own)).MoveToOuterDisposeScope(), UnitVectors.Of(vectors).MoveToOuterDisposeScope(),
            distance.MoveToOuterDisposeScope());
    }

    private static Tensor Distance(PackedBatch batch, IEnumerable<Tensor> states, IEnumerable<Tensor> targets)
        => stack(states.Zip(targets, (own, target) => DistillationLoss.OfLayer(batch.WithoutFill(own), batch.WithoutFill(target)))).mean();

    private static bool IsLayersMatrix(string name)
        => name.Contains(".layer.", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal) && !EncoderNetwork.IsNorm(name);

    private static bool HaveSameSizes(EncoderNetwork student, EncoderNetwork teacher)
        => student.LayerCount == teacher.LayerCount && student.HiddenSize == teacher.HiddenSize;

    private static void RequireSameSizes(string start, EncoderNetwork student, string teacher, EncoderNetwork known)
    {
        if (HaveSameSizes(student, known)) return;
        throw new GenQException(
            $"The student '{start}' has {student.LayerCount} layers of width {student.HiddenSize}, the teacher '{teacher}' {known.LayerCount} of width "
            + $"{known.HiddenSize}: layer by layer both must be the same. Change the student's config.json, or teach the network as a whole.");
    }

    // Texts that hold special tokens' strings, which differ between the two, are left out.
    private static (PackedBatch Student, PackedBatch Teacher) Pack(BiEncoder student, BiEncoder teacher, string[] texts)
    {
        (int[] Own, int[] Known)[] ids =
            [.. texts.Select(text => (student.TokenizePassage(text), teacher.TokenizePassage(text))).Where(ids => ids.Item1.Length == ids.Item2.Length)];
        if (ids.Length >= SmallestBatch) return (student.Network.Pack([.. ids.Select(text => text.Own)]), teacher.Network.Pack([.. ids.Select(text => text.Known)]));
        throw new GenQException(
            $"Student and teacher cut only {ids.Length} of {texts.Length} texts into equally many tokens: states can only be compared token by token. "
            + "Give the student the teacher's vocabulary, or compare the vectors of whole texts alone.");
    }

    private int BatchesOf(int texts) => (texts + _options.BatchSize - 1) / _options.BatchSize;

    private BiEncoder Load(string model, Precision precision)
        => BiEncoder.Load(model, new BiEncoderOptions { Precision = precision, MaxSequenceLength = _options.MaxSequenceLength });

    // What decides which weights come out; a checkpoint of a training that differs in any of it is refused, naming it.
    private Dictionary<string, string> Identity(string start, string teacher, IReadOnlyList<string> texts)
    {
        EncoderDistillerOptions deciding = _options with { CheckpointEvery = 1, EvaluateEvery = 1, HalfWeights = false };
        return new(NamedValues.Of(deciding))
        {
            ["start"] = Fingerprint.OfModel(ModelFolder.Resolve(start)),
            ["teacher"] = Fingerprint.OfModel(ModelFolder.Resolve(teacher)),
            ["texts"] = Fingerprint.OfTexts(texts),
        };
    }

    private List<KeyValuePair<string, string>> Settings(string teacher, int texts, int maxSequenceLength) =>
    [
        new("Teacher", ModelCard.BaseNameOf(teacher)),
        new("Loss", _options.LayerByLayer
            ? "each layer's squared error as a share of the variance, the teacher's states being its input"
            : $"{Text(_options.CosineWeight)} x (1 - cosine) + divergence of the similarities x {Text(DistillationLoss.Scale)}"
                + (_options.StatesWeight > 0 ? $" + {Text(_options.StatesWeight)} x (1 - cosine of the tokens' states)" : "")),
        new("Texts", $"{texts}; a share of {Text(_options.ShortShare)} of short ones whole, else spans of {_options.ShortestSpan} to {_options.LongestSpan} words"),
        new("Batch", Text(_options.BatchSize)),
        new("Steps", Text(_options.Steps)),
        new("Optimizer", $"{(_options.Muon ? "Muon for the layers' matrices, else " : "")}AdamW, weight decay {Text(_options.WeightDecay)}, gradients clipped at norm 1"),
        new("Learning rate", Text(_options.LearningRate)),
        new("Schedule", $"linear, {_options.WarmupSteps} steps of warm-up"),
        new("Longest sequence", $"{maxSequenceLength} tokens"),
        new("Precision", $"{_options.Precision}".ToLowerInvariant()),
        new("Seed", Text(_options.Seed)),
    ];

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
