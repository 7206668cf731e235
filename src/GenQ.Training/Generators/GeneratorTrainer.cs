using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>Trains a T5 to write the query from the passage: cross-entropy of each token given those before it.</summary>
public sealed class GeneratorTrainer
{
    // Held-out pairs that are measured: enough to see a hundredth of a nat.
    private const int HeldOutPairs = 512;

    // Keeps the draws of dropout apart from the others, which come from the same seed.
    private const long DropoutPart = 4;

    private readonly GeneratorTrainerOptions _options;

    /// <summary>Creates a trainer.</summary>
    public GeneratorTrainer(GeneratorTrainerOptions options) => _options = options.Resolve();

    /// <summary>Trains from a checkpoint, or goes on with an interrupted training of the same settings.</summary>
    /// <param name="start">The T5 to start from, a folder or a name on the hub; from scratch, the folder of its config.json and tokenizer.</param>
    /// <param name="pairs">Queries and the passages they were asked of.</param>
    /// <param name="heldOut">Sets of pairs that are only measured, each by itself; may be empty.</param>
    /// <param name="output">Receives the trained T5, training.jsonl and, while it lasts, checkpoints/.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Stops after the current step, with a checkpoint.</param>
    /// <exception cref="GenQException">
    /// No pairs, a broken model folder, other settings than the checkpoint's, or a gradient that is not a number.
    /// </exception>
    /// <returns>How many pairs were left out because a text of theirs is empty.</returns>
    public int Train(
        string start,
        IReadOnlyList<QueryPassagePair> pairs,
        IReadOnlyList<IReadOnlyList<QueryPassagePair>> heldOut,
        string output,
        IProgress<GeneratorTrainingStep>? progress = null,
        CancellationToken cancellation = default)
    {
        int given = pairs.Count;
        pairs = [.. pairs.Where(pair => pair.HasBothTexts)];
        if (pairs.Count == 0) throw new GenQException("There is no (query, passage) pair to train the generator on.");
        NativeSwitches.Apply();
        string folder = ModelFolder.Resolve(start);
        ITokenizer tokenizer = Tokenizer.Load(_options.GrowTo ?? folder);
        using T5Model model = Open(folder, tokenizer);
        using AdamW optimizer = AdamW.Of(model, _options.Precision, new AdamWOptions
        {
            ScaleByRms = _options.ScaleByRms!.Value,
            WeightDecay = _options.ScaleByRms.Value ? 0 : 0.01f,
            Beta2 = _options.ScaleByRms.Value ? 0.98f : 0.999f,
        });

        WarmupLinearSchedule schedule = new(_options.LearningRate!.Value, _options.WarmupSteps!.Value, _options.Steps);
        TrainingSession session = new(output, optimizer, schedule, _options.CheckpointEvery, Identity(folder, pairs));
        string[] prefixes = [.. (model.Config.TaskSpecificParams ?? new Dictionary<string, T5Task>()).Values.Select(task => task.Prefix).OfType<string>()];
        GeneratorExamples examples = new(pairs, tokenizer, prefixes, _options);
        GeneratorExamples.Example[][] measured = [.. heldOut.Select(set => set.Take(HeldOutPairs).Select(examples.Encode).ToArray()).Where(set => set.Length > 0)];
        session.Run(TakeStep, save: null, progress, cancellation);
        session.Finish(output, _options.HalfWeights, Save);
        return given - pairs.Count;

        GeneratorTrainingStep TakeStep(long step)
        {
            GeneratorExamples.Example[] batch = examples.Batch(step);
            TorchRandom.Seed(new CounterRandom(_options.Seed, step, DropoutPart));
            double loss = Backward(model, batch);
            SessionStep taken = session.Step(batch.Sum(e => (long)e.Input.Length + e.Target.Length));
            double[] heldOutLosses = taken.IsDue(_options.EvaluateEvery) ? [.. measured.Select(set => Measure(model, set))] : [];
            return new GeneratorTrainingStep(
                taken.Step, taken.Steps, loss, taken.LearningRate, taken.GradientNorm, taken.ItemsPerSecond, heldOutLosses);
        }

        void Save(string to, IEnumerable<KeyValuePair<string, Tensor>> weights)
        {
            model.Config.Save(to);
            TensorFile.Write(Path.Combine(to, "model.safetensors"), weights);
            tokenizer.Save(to);
        }
    }

    private T5Model Open(string start, ITokenizer tokenizer)
    {
        T5Config config = T5Config.Load(_options.GrowTo ?? start);
        config.RequireRoomFor(tokenizer, _options.GrowTo ?? start);
        if (_options.GrowTo is { } folder) return Grow(start, folder, config, tokenizer);
        if (!_options.FromScratch) return T5Model.Load(start, training: true);
        TorchRandom.Seed(new CounterRandom(_options.Seed));
        T5Model model = new(config);
        model.Initialize();
        return model;
    }

    private static T5Model Grow(string start, string sizes, T5Config config, ITokenizer tokenizer)
    {
        using T5Model trained = T5Model.Load(start);
        if (tokenizer is not SentencePieceTokenizer wanted || Tokenizer.Load(start) is not SentencePieceTokenizer known || !trained.Config.TieWordEmbeddings)
        {
            throw new GenQException($"'{start}' cannot take the vocabulary of '{sizes}': both must be SentencePiece's, and the head of the T5 its embeddings.");
        }

        T5Config fitting = trained.Config with
        {
            VocabSize = config.VocabSize,
            TaskSpecificParams = config.TaskSpecificParams,
            NumLayers = config.NumLayers,
            NumDecoderLayers = config.NumDecoderLayers,
            DFf = config.DFf,
        };
        if (config.DModel != fitting.DModel || config.DFf < trained.Config.DFf
            || config.NumLayers < trained.Config.NumLayers || config.DecoderLayers < trained.Config.DecoderLayers)
        {
            throw new GenQException(
                $"'{start}' cannot grow to the sizes of '{sizes}': expected a d_model of {trained.Config.DModel}, a d_ff of {trained.Config.DFf} or more, "
                + $"{trained.Config.NumLayers} encoder layers or more and {trained.Config.DecoderLayers} decoder layers or more.");
        }

        T5Model made = T5Growth.Grow(trained, known, fitting, wanted);
        made.train();
        return made;
    }

    private double Backward(T5Model model, GeneratorExamples.Example[] batch)
    {
        using IDisposable scope = NewDisposeScope();
        (Tensor ids, Tensor mask, Tensor labels) = Tensors(model, batch);
        Tensor loss = model.Loss(ids, mask, labels, _options.LabelSmoothing);
        loss.backward();
        return loss.item<float>();
    }

    private static double Measure(T5Model model, GeneratorExamples.Example[] examples)
    {
        using IDisposable guard = no_grad();
        model.eval();
        double sum = 0;
        long tokens = 0;
        foreach (GeneratorExamples.Example[] batch in examples.OrderBy(e => e.Input.Length).Chunk(32))
        {
            using IDisposable scope = NewDisposeScope();
            (Tensor ids, Tensor mask, Tensor labels) = Tensors(model, batch);
            long count = batch.Sum(e => (long)e.Target.Length);
            sum += model.Loss(ids, mask, labels).item<float>() * count;
            tokens += count;
        }

        model.train();
        return sum / tokens;
    }

    private static (Tensor Ids, Tensor Mask, Tensor Labels) Tensors(T5Model model, GeneratorExamples.Example[] batch)
    {
        (Tensor ids, Tensor mask) = T5Generator.Pad([.. batch.Select(e => e.Input)], model.Config.PadTokenId, model.Device);
        (Tensor labels, _) = T5Generator.Pad([.. batch.Select(e => e.Target)], -100, model.Device);
        return (ids, mask, labels);
    }

    // What decides which weights come out; a checkpoint of a training that differs in any of it is refused, naming it.
    private Dictionary<string, string> Identity(string start, IReadOnlyList<QueryPassagePair> pairs)
        => new(TrainingDescription.Identity(_options, _options.Precision, _options.Seed))
        {
            ["start"] = Fingerprint.OfModel(start) + (_options.GrowTo is { } sizes ? $", grown to {Fingerprint.OfModel(sizes)}" : ""),
            ["pairs"] = Fingerprint.OfPairs(pairs),
        };
}
