using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;
using GenQ.Text;
using GenQ.Training;

namespace GenQ.Evaluation;

/// <summary>
/// Keeps of a training what its evidence supports: the model as it is, its average with the base, or the base. So nobody searches worse for having adapted a
/// model. Queries of the passages that are set aside are asked of a part of the corpus.
/// </summary>
internal sealed class ModelChoice(RunFolder run, GenQSettings settings, RunState state, BaseVectors baseVectors)
{
    /// <summary>The most passages that are searched: enough to tell models apart, and read in seconds.</summary>
    public const int MostPassages = 1200;

    private const int MostQueries = 600;

    // The model as it is first; between it and its base lies one that keeps most of a gain and loses less (Wortsman et al. 2022).
    private static readonly double[] BaseShares = [0, 0.5];

    private readonly string _weights = Path.Combine(run.Model, WeightFiles.SafeTensorsFile);

    /// <summary>Whether there is nothing to do, or it is done.</summary>
    public bool IsMade => !settings.ChoosesModel || !File.Exists(run.HeldOutQueries) || KeptModel.Read(run)?.Weights == Fingerprint.OfFile(_weights);

    /// <summary>Measures what may be kept, and puts it into model/.</summary>
    /// <param name="progress">Told what is measured, and what came of it.</param>
    /// <param name="cancellation">Stops between batches; the next call measures anew.</param>
    public void Make(IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        string trained = Fingerprint.OfFile(_weights);
        KeptModel? decided = KeptModel.Read(run);

        // What was decided of these very weights needs only be done.
        IReadOnlyList<TriedModel> tried = decided?.Trained == trained ? decided.Tried : Measure(progress, cancellation);
        double share = Decide(tried);
        if (share == 0)
        {
            new KeptModel(share, trained, trained, tried).Write(run);
            return;
        }

        string folder = Path.Combine(run.Checkpoints, "kept"), weights = Path.Combine(folder, Path.GetFileName(_weights));
        WeightAverage.Write(run.Model, settings.Base, share, folder, settings.Training.HalfWeights);
        KeptModel kept = new(share, trained, Fingerprint.OfFile(weights), tried);
        kept.Write(run);
        AtomicFile.Replace(weights, _weights);
        Disk.Current.Delete(folder);
        progress.Say($"kept: {kept.InWords}");
    }

    /// <summary>The share of the base in what is kept.</summary>
    /// <param name="tried">What was measured.</param>
    /// <returns>That of the first that is better; else of the first that is better by meaning alone, and loses nothing in the default search; else 1.</returns>
    internal static double Decide(IReadOnlyList<TriedModel> tried)
        => tried.FirstOrDefault(model => model.Verdict == Verdict.Better)?.BaseShare
            ?? tried.FirstOrDefault(model => model.Verdict == Verdict.NoDifference && model.ByDefault.Mean >= 0 && model.ByMeaning.Low > 0)?.BaseShare
            ?? 1;

    private List<TriedModel> Measure(IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        BiEncoderOptions options = new() { Precision = settings.Precision };
        string[] asked = AskedQueries.Of(run), all = [.. state.Passages.Select(passage => passage.SearchText)];
        (Passage[] passages, IReadOnlyList<(string Kind, RetrievalTask Task)> tasks) = MeasuredTasks.Sample(run, settings, state.Passages, MostPassages, MostQueries);
        string[] searched = [.. passages.Select(passage => passage.SearchText)];
        string ofBase = baseVectors.Make(options, progress, cancellation), folder = Path.Combine(run.Checkpoints, "tried");
        float? wordsWeight = null;
        List<TriedModel> tried = [];
        foreach (double share in BaseShares)
        {
            Disk.Current.Delete(folder);
            string model = share == 0 ? run.Model : folder, vectors = Path.Combine(folder, "passages.vectors");
            if (share > 0) WeightAverage.Write(run.Model, settings.Base, share, folder);
            using (BiEncoder encoder = BiEncoder.Load(model, options))
                IndexParts.Write(vectors, "tried", encoder, searched, progress.Of<int>("measuring what may be kept", done => (done, searched.Length, "")), cancellation);
            List<MeasuredKind> kinds = [];
            foreach ((string kind, RetrievalTask task) in tasks)
            {
                ModelComparison comparison = ModelComparison.Run(
                    task,
                    [
                        new ComparedModel("base", () => new KnownVectors(new RememberingEncoder(settings.Base, options, state), PassageIndex.Open(ofBase), all)),
                        new ComparedModel("adapted", () => new KnownVectors(new RememberingEncoder(model, options, state), PassageIndex.Open(vectors), searched)) { Hybrid = RunReport.Hybrid },
                    ],
                    [("bm25", EnglishText.AnalyzerFor(task.Corpus))],
                    asked,
                    wordsWeight,
                    progress: null,
                    cancellation);
                wordsWeight ??= comparison.WordsWeight;
                kinds.Add(new MeasuredKind(kind, comparison));
            }

            PooledDifference pooled = PooledDifference.Of(kinds);
            TriedModel measured = new(share, Verdict.Of(kinds, pooled).Word, pooled.ByDefault, pooled.ByMeaning);
            tried.Add(measured);
            progress.Say($"{(share == 0 ? "the trained model" : "its average with the base")} on held-out queries: {measured.ByDefault} in the default search, {measured.ByMeaning} by meaning alone");
            if (measured.Verdict == Verdict.Better) break;
        }

        Disk.Current.Delete(folder);
        return tried;
    }
}
