using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using static System.FormattableString;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// Teaches a small sentence encoder to say of any text what a larger one says, or several: unlabelled texts → spans → vectors of all
/// networks → <see cref="DistillationLoss"/> → gradients of the small one → AdamW.
/// </summary>
public sealed class EncoderDistiller
{
    // Held-out texts that are measured: enough to see a thousandth of the cosine.
    private const int HeldOutTexts = 512;

    // Of few texts no more than this share is held out.
    private const double HeldOutShare = 0.05;

    private readonly EncoderDistillerOptions _options;

    /// <summary>Creates a distiller.</summary>
    public EncoderDistiller(EncoderDistillerOptions? options = null) => _options = (options ?? new EncoderDistillerOptions()).Resolve();

    /// <summary>Trains a student, or goes on with an interrupted training of the same student, teachers, texts and settings.</summary>
    /// <param name="start">The student: a folder, or a name on the hub. <see cref="FreshEncoder"/> makes one with random weights.</param>
    /// <param name="teachers">
    /// The encoders to learn from, at least one, together at least as wide. The cosine of two texts is to be the mean of the teachers', each counted
    /// by the square of its weight. States of tokens and layers are compared with the first one's alone.
    /// </param>
    /// <param name="texts">Any texts: questions, sentences and passages. Each encoder reads queries and passages behind its own prompts.</param>
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
    /// No text, a broken model, teachers narrower than the student, other settings than the checkpoint's, or a gradient that
    /// is not a number.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the same call goes on from there.</exception>
    public void Train(
        string start,
        IReadOnlyList<Teacher> teachers,
        IReadOnlyList<DistillationText> texts,
        string output,
        IReadOnlyList<DistillationText>? heldOut = null,
        ModelCard? card = null,
        IProgress<DistillationStep>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(teachers);
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfZero(teachers.Count);
        if (heldOut is null) (texts, heldOut) = SetAside(texts);
        DistillationTexts taught = new(texts, _options);
        DistillationTexts? measured = heldOut.Count > 0 ? new(heldOut, _options) : null;
        WarmupLinearSchedule schedule = new(_options.LearningRate, _options.WarmupSteps!.Value, _options.Steps);

        // No dropout: where there are more texts than steps nothing can be learned by heart, and noise would only blur what the teacher
        // says.
        using StudentAndTeacher both = StudentAndTeacher.Load(start, teachers, _options);
        using AdamW optimizer = AdamW.Of(
            both.Student.Network, _options.Precision,
            new AdamWOptions { WeightDecay = (float)_options.WeightDecay, Orthogonalizes = name => _options.Muon && IsLayersMatrix(name) });
        TrainingSession session = new(output, optimizer, schedule, _options.CheckpointEvery, Identity(start, teachers, texts, both.TellsQueriesApart));
        using Tensor projection = session.Once("projection", () => Project(both, taught));
        card ??= new ModelCard
        {
            Name = ModelCard.NameOf(output),
            Data = $"Distilled with GenQ from {string.Join(" and ", teachers.Select(teacher => $"`{ModelCard.BaseNameOf(teacher.Model)}`"))}: "
                + $"on unlabelled texts it was taught to give the teacher{(teachers.Count == 1 ? "'s" : "s'")} vectors, "
                + $"projected from {both.TeacherDimensions} to {both.Student.Dimensions} numbers.",
        };
        card = card with { Settings = [.. card.Settings, .. Rows(teachers, texts.Count)] };
        session.Run(TakeStep, Save, progress, cancellation);
        session.Finish(Path.Combine(output, "model"), _options.HalfWeights, Save);

        DistillationStep TakeStep(long step)
        {
            (double loss, double cosine) = Backward(both, projection, taught.Batch(step));
            SessionStep taken = session.Step(_options.BatchSize);
            bool isMeasured = measured is not null && taken.IsDue(_options.EvaluateEvery);
            return new DistillationStep(
                taken.Step, taken.Steps, loss, cosine, taken.LearningRate, taken.GradientNorm, taken.ItemsPerSecond, taken.SecondsLeft,
                isMeasured ? Measure(both, projection, measured!) : null);
        }

        void Save(string folder, IEnumerable<KeyValuePair<string, Tensor>> weights) => both.Student.Save(folder, card, weights);
    }

    /// <summary>Sets texts aside to be measured on.</summary>
    internal (IReadOnlyList<DistillationText> Taught, IReadOnlyList<DistillationText> HeldOut) SetAside(IReadOnlyList<DistillationText> texts)
    {
        int[] order = [.. Enumerable.Range(0, texts.Count)];
        new CounterRandom(_options.Seed, 0, 3).Shuffle<int>(order);
        HashSet<int> aside = [.. order.Take(Math.Min(HeldOutTexts, (int)(texts.Count * HeldOutShare)))];
        return ([.. texts.Where((_, i) => !aside.Contains(i))], [.. texts.Where((_, i) => aside.Contains(i))]);
    }

    private (double Loss, double Cosine) Backward(StudentAndTeacher both, Tensor projection, DistillationText[] texts)
    {
        using IDisposable scope = NewDisposeScope();
        (Tensor loss, Tensor cosine) = _options.LayerByLayer ? both.CompareLayers(texts) : Loss(both, projection, texts);
        loss.backward();
        return (loss.item<float>(), cosine.item<float>());
    }

    private (Tensor Loss, Tensor Cosine) Loss(StudentAndTeacher both, Tensor projection, DistillationText[] texts)
    {
        Tensor own, known;
        Tensor? distance = null;
        if (_options.StatesWeight > 0) (own, known, distance) = both.EmbedWithStates(texts, projection);
        else (own, known) = both.Embed(texts);
        (Tensor loss, Tensor cosine) = DistillationLoss.Compute(own, known, UnitVectors.Of(known.matmul(projection)), _options.CosineWeight);
        return (distance is null ? loss : loss.Plus(distance.Times(_options.StatesWeight)), cosine);
    }

    private double Measure(StudentAndTeacher both, Tensor projection, DistillationTexts texts)
    {
        using IDisposable guard = no_grad();
        int batches = BatchesOf(HeldOutTexts);
        double sum = 0;
        for (int step = 0; step < batches; step++)
        {
            using IDisposable scope = NewDisposeScope();
            (Tensor own, Tensor known) = both.Embed(texts.Batch(step));
            sum += (own * UnitVectors.Of(known.matmul(projection))).sum(1).mean().item<float>();
        }

        return sum / batches;
    }

    // From the texts of the first steps: (teachers' width, width). A student of its one teacher's sizes is taught its very coordinates.
    private Tensor Project(StudentAndTeacher both, DistillationTexts texts)
    {
        if (both.SharesCoordinates) return eye(both.Student.Dimensions);
        using IDisposable guard = no_grad();
        using IDisposable scope = NewDisposeScope();
        List<Tensor> own = [], known = [];
        for (int step = 0; step < BatchesOf(_options.ProjectionTexts); step++)
        {
            (Tensor vectors, Tensor targets) = both.Embed(texts.Batch(step));
            own.Add(vectors);
            known.Add(targets);
        }

        return TeacherProjection.Fit(cat(known), cat(own)).DetachFromDisposeScope();
    }

    private static bool IsLayersMatrix(string name)
        => name.Contains(".layer.", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal)
            && !EncoderNetwork.IsNorm(name);

    private int BatchesOf(int texts) => (texts + _options.BatchSize - 1) / _options.BatchSize;

    // What decides which weights come out; a checkpoint of a training that differs in any of it is refused, naming it.
    private Dictionary<string, string> Identity(string start, IReadOnlyList<Teacher> teachers, IReadOnlyList<DistillationText> texts, bool tellsQueriesApart)
    {
        Dictionary<string, string> identity = new(TrainingDescription.Identity(_options, _options.Precision, _options.Seed))
        {
            ["start"] = Fingerprint.OfModel(ModelFolder.Resolve(start)),
            ["teacher"] = Named(teachers, model => Fingerprint.OfModel(ModelFolder.Resolve(model))),
            ["texts"] = Fingerprint.OfTexts([.. texts.Select(text => text.Text)]),
        };
        if (tellsQueriesApart) identity["queries"] = Fingerprint.OfTexts([.. texts.Where(text => text.IsQuery).Select(text => text.Text)]);
        return identity;
    }

    // A weight alone decides nothing.
    private static string Named(IReadOnlyList<Teacher> teachers, Func<string, string> name) => teachers.Count == 1
        ? name(teachers[0].Model)
        : string.Join(" + ", teachers.Select(teacher => Invariant($"{teacher.Weight} x {name(teacher.Model)}")));

    private IEnumerable<KeyValuePair<string, string>> Rows(IReadOnlyList<Teacher> teachers, int texts) => TrainingDescription.Rows(
        _options,
        _options.Precision,
        _options.Seed,
        new("Teacher", Named(teachers, ModelCard.BaseNameOf)),
        new("Loss", _options.LayerByLayer
            ? "each layer's squared error as a share of the variance, the teacher's states being its input"
            : Invariant($"{_options.CosineWeight} x (1 - cosine) + divergence of the similarities x {DistillationLoss.Scale}")
                + (_options.StatesWeight > 0 ? Invariant($" + {_options.StatesWeight} x (1 - cosine of the tokens' states)") : "")),
        new("Texts", $"{texts}"),
        new("Optimizer", $"{(_options.Muon ? "Muon for the layers' matrices, else " : "")}AdamW, gradients clipped at norm 1"),
        new("Schedule", $"linear, {_options.WarmupSteps} steps of warm-up"));
}
