using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// Trains a judge of queries: of each passage some queries of people and some of a generator, and the binary cross-entropy of telling which is which.
/// </summary>
public sealed class QueryJudgeTrainer
{
    // Held-out passages, at most, and at most a tenth of all.
    private const int HeldOutPassages = 300;

    // Keep the draws of dropout and of fresh weights apart from the others, which come from the same seed.
    private const long DropoutPart = 4, HeldOutPart = 5;

    private readonly QueryJudgeTrainerOptions _options;

    /// <summary>Creates a trainer.</summary>
    public QueryJudgeTrainer(QueryJudgeTrainerOptions options) => _options = options.Resolve();

    /// <summary>Trains from a BERT or a judge, or goes on with an interrupted training of the same settings.</summary>
    /// <param name="start">The BERT or the judge to start from: a folder, or a name on the hub.</param>
    /// <param name="passages">Passages with both kinds of query; a tenth of them, 300 at most, is set aside and measures.</param>
    /// <param name="output">Receives the judge, training.jsonl and, while it lasts, checkpoints/.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Stops after the current step, with a checkpoint.</param>
    /// <exception cref="GenQException">
    /// Too few passages, a broken model folder, other settings than the checkpoint's, or a gradient that is not a number.
    /// </exception>
    public void Train(
        string start, IReadOnlyList<JudgedPassage> passages, string output,
        IProgress<JudgeTrainingStep>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(passages);
        if (passages.Count < 2)
        {
            throw new GenQException(
                $"There are {passages.Count} passages with queries of both kinds, expected at least 2. The two kinds of pairs must be of the same passages, word for word.");
        }

        NativeSwitches.Apply();
        string folder = ModelFolder.Resolve(start);
        ITokenizer tokenizer = Tokenizer.Load(folder);
        using QueryJudgeNetwork network = Open(folder);
        network.train();
        using AdamW optimizer = AdamW.Of(network, _options.Precision, new AdamWOptions());
        WarmupLinearSchedule schedule = new(_options.LearningRate, _options.WarmupSteps!.Value, _options.Steps);
        TrainingSession session = new(output, optimizer, schedule, _options.CheckpointEvery, Identity(folder, passages));
        JudgedPassage[] mixed = [.. passages];
        new CounterRandom(_options.Seed, 0, HeldOutPart).Shuffle<JudgedPassage>(mixed);
        int heldOut = Math.Clamp(passages.Count / 10, 1, HeldOutPassages);
        JudgedPassage[] measured = mixed[..heldOut];
        JudgeExamples examples = new(mixed[heldOut..], network, tokenizer, _options);
        session.Run(TakeStep, save: null, progress, cancellation);
        session.Finish(output, _options.HalfWeights, Save);

        JudgeTrainingStep TakeStep(long step)
        {
            JudgeExamples.Example[] batch = examples.Batch(step);
            TorchRandom.Seed(new CounterRandom(_options.Seed, step, DropoutPart));
            double loss = Backward(network, tokenizer, batch);
            SessionStep taken = session.Step(batch.Sum(example => (long)example.Queries.Length));
            double? accuracy = taken.IsDue(_options.EvaluateEvery) ? Measure(network, tokenizer, measured) : null;
            return new JudgeTrainingStep(taken.Step, taken.Steps, loss, taken.LearningRate, taken.GradientNorm, taken.ItemsPerSecond, accuracy);
        }

        void Save(string to, IEnumerable<KeyValuePair<string, Tensor>> weights)
        {
            AtomicFile.Copy(Path.Combine(folder, "config.json"), Path.Combine(to, "config.json"));
            TensorFile.Write(Path.Combine(to, "model.safetensors"), weights);
            tokenizer.Save(to);
        }
    }

    // An encoder has no scoring head yet.
    private QueryJudgeNetwork Open(string folder)
    {
        using IDisposable guard = no_grad();
        TorchRandom.Seed(new CounterRandom(_options.Seed));
        QueryJudgeNetwork network = QueryJudge.Build(folder);
        bool isJudge = WeightFiles.Names(folder).Any(name => name == "classifier.weight");
        Checkpoint.Load(isJudge ? network : network.Bert, folder);
        if (isJudge) return network;
        foreach ((string name, Parameter parameter) in network.named_parameters().Where(parameter => parameter.name.StartsWith("classifier.", StringComparison.Ordinal)))
        {
            if (name.EndsWith("bias", StringComparison.Ordinal)) nn.init.zeros_(parameter);
            else nn.init.normal_(parameter, 0, FreshEncoder.Deviation);
        }

        return network;
    }

    private static double Backward(QueryJudgeNetwork network, ITokenizer tokenizer, JudgeExamples.Example[] batch)
    {
        using IDisposable scope = NewDisposeScope();
        (Tensor passages, Tensor passageMask) = T5Generator.Pad([.. batch.Select(example => example.Passage)], tokenizer.PadId, CPU);
        (Tensor queries, Tensor queryMask) = T5Generator.Pad([.. batch.SelectMany(example => example.Queries)], tokenizer.PadId, CPU);
        Tensor isAsked = tensor([.. batch.SelectMany(example => example.IsAsked).Select(asked => asked ? 1f : 0f)]);
        Tensor scores = network.Score(passages, passageMask, queries, queryMask).view(-1);
        Tensor loss = nn.functional.binary_cross_entropy_with_logits(scores, isAsked);
        loss.backward();
        return loss.item<float>();
    }

    private static double Measure(QueryJudgeNetwork network, ITokenizer tokenizer, JudgedPassage[] passages)
    {
        network.eval();
        IReadOnlyList<double[]> judged = QueryJudge.Wrap(network, tokenizer)
            .Judge([.. passages.Select(passage => (passage.Passage, (IReadOnlyList<string>)[.. passage.Asked, .. passage.Drawn]))]);
        network.train();
        (long right, long all) = (0, 0);
        foreach ((JudgedPassage passage, double[] scores) in passages.Zip(judged))
        {
            right += scores.Take(passage.Asked.Count).Sum(asked => scores.Skip(passage.Asked.Count).LongCount(drawn => asked > drawn));
            all += (long)passage.Asked.Count * passage.Drawn.Count;
        }

        return right / (double)all;
    }

    // What decides which weights come out; a checkpoint of a training that differs in any of it is refused, naming it.
    private Dictionary<string, string> Identity(string start, IReadOnlyList<JudgedPassage> passages)
        => new(TrainingDescription.Identity(_options, _options.Precision, _options.Seed))
        {
            ["start"] = Fingerprint.OfModel(start),
            ["asked"] = Fingerprint.OfPairs([.. passages.SelectMany(passage => passage.Asked.Select(query => new QueryPassagePair(query, passage.Passage)))]),
            ["drawn"] = Fingerprint.OfPairs([.. passages.SelectMany(passage => passage.Drawn.Select(query => new QueryPassagePair(query, passage.Passage)))]),
        };
}
