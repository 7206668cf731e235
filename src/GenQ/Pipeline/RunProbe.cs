using System.Diagnostics;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Filtering;
using GenQ.Generation;
using GenQ.Models;
using GenQ.Retrieval;
using GenQ.Training;

namespace GenQ;

/// <summary>
/// Does a little of each stage, half a minute in all with the mini models on two cores, and reckons what the whole would take: queries of passages from all over
/// the corpus, their vectors, and a few training steps of real batches. What it writes is thrown away.
/// </summary>
internal sealed class RunProbe(GenQSettings settings, QueryMixture mixture, IReadOnlyList<Passage> passages)
{
    private const int Written = 48, Read = 128, FewestSteps = 5, MostSteps = 9;

    // The first batches pay for what is set up once, and for memory that is touched for the first time: they are done before the clock runs.
    private const int WarmUpWritten = 12, WarmUpRead = 64, WarmUpSteps = 1;

    // Long batches take fewer steps, so that the probe as a whole stays within its half minute. A step takes about five times as long as to encode its passages.
    private const double TrainingSeconds = 12, EncodingsPerStep = 5;

    // A training holds more than its first steps need: tensors of ever new sizes leave holes, until the heap is given back. docs/performance.md.
    private const double HeldInTraining = 1.65;

    /// <summary>Measures.</summary>
    /// <param name="plan">What the run would do.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>The plan with an estimate of each stage that takes more than seconds, in their order.</returns>
    public async Task<RunPlan> MeasureAsync(RunPlan plan, CancellationToken cancellation)
    {
        Passage[] tried = [.. Spread(Written)];
        PeakMemory.Reset();
        (double perQuery, string[] queries) = await WriteAsync(tried, cancellation).ConfigureAwait(false);
        long writing = PeakMemory.Read();
        PeakMemory.Reset();
        (double perPassage, double perAsked) = Encode(queries, cancellation);
        long reading = PeakMemory.Read();
        PeakMemory.Reset();
        double perStep = Train(tried, queries, perPassage, cancellation);
        long training = PeakMemory.Read();

        BiEncoderTrainerOptions options = settings.Training;
        bool isReadForTraining = options.Neighbours > 1 || options.Labels != LabelKind.Hard;
        int steps = RunPlan.StepsOf((int)(plan.TrainingPassages * ExamplesPerPassage(tried, queries)), options);
        int evaluationQueries = plan.EvaluationPassages * EvaluationQueries.PerPassage(mixture.Count);
        int measuredQueries = settings.LabelledTask is { } labelled ? BeirFolder.Read(labelled).Queries.Count : evaluationQueries;
        int readToChoose = settings.ChoosesModel ? Math.Min(plan.Passages, ModelChoice.MostPassages) : 0;
        int readToLook = settings.LabelledTask is null ? options.Looks * Math.Min(plan.Passages, HeldOutLook.MostPassages) : 0;
        IReadOnlyList<StageEstimate> stages =
        [
            new StageEstimate("generate", Seconds(perQuery * (plan.Queries + evaluationQueries)), writing),
            .. IsSearchedByFilter ? (StageEstimate[])[new("filter", Seconds(perPassage * plan.Passages + perAsked * plan.Queries), reading)] : [],
            new StageEstimate("train", Seconds(perStep * steps + perPassage * ((isReadForTraining ? plan.TrainingPassages : 0) + readToChoose + readToLook)), Math.Max((long)(HeldInTraining * training), reading)),
            new StageEstimate("index", Seconds(perPassage * plan.Passages), reading),
            new StageEstimate("evaluate", Seconds((IsSearchedByFilter ? 0 : perPassage * plan.Passages) + 2 * perAsked * measuredQueries), reading),
        ];
        return plan with { Stages = stages, ExpectedSteps = steps };
    }

    private bool IsSearchedByFilter => settings.Filter && settings.FilterRank > 0;

    // What the filter leaves of them. Words alone search here: with the base it would take the vectors of all passages.
    private double ExamplesPerPassage(Passage[] tried, string[] queries)
    {
        QueryPassagePair[] pairs = [.. queries.Select((query, i) => new QueryPassagePair(query, tried[i / mixture.Count].SearchText))];
        bool[] kept = [.. PairFilter.Judge(pairs, settings.Query.Crops > 0).Select(judged => !settings.Filter || judged.Verdict == PairVerdict.Kept)];
        if (IsSearchedByFilter)
        {
            Bm25Index words = Bm25Index.Build(passages, EnglishText.AnalyzerFor(passages));
            IReadOnlyList<Ranking> found = words.Search(queries, settings.FilterRank);
            for (int i = 0; i < kept.Length; i++) kept[i] &= found[i].Any(result => passages[result.Passage].SearchText == pairs[i].Passage);
        }

        return kept.Chunk(mixture.Count).Average(own => RunPlan.ExamplesOf(own.Count(isKept => isKept), settings.Training));
    }

    private async Task<(double PerQuery, string[] Queries)> WriteAsync(Passage[] tried, CancellationToken cancellation)
    {
        using T5QueryWriter? network = mixture.Writer as T5QueryWriter;
        await AskAsync([.. tried.Take(WarmUpWritten)]).ConfigureAwait(false);
        Stopwatch clock = Stopwatch.StartNew();
        List<string> queries = await AskAsync(tried).ConfigureAwait(false);
        return (clock.Elapsed.TotalSeconds / (tried.Length * mixture.Count), [.. queries]);

        async Task<List<string>> AskAsync(Passage[] asked)
        {
            string[][] written = new string[asked.Length][];
            foreach ((IQueryWriter writer, int firstSample, int count) in mixture.Parts)
            {
                await foreach (PassageQueries own in writer.WriteAsync(new QueryRequest(asked, count, firstSample), cancellation).ConfigureAwait(false))
                    written[own.Passage] = [.. written[own.Passage] ?? [], .. own.Queries.Select(query => query.Text)];
            }

            return [.. written.SelectMany(own => own ?? [])];
        }
    }

    private (double PerPassage, double PerQuery) Encode(string[] queries, CancellationToken cancellation)
    {
        using BiEncoder model = BiEncoder.Load(settings.Base, new BiEncoderOptions { Precision = settings.Precision });
        string[] texts = [.. Spread(Read).Select(passage => passage.SearchText)];
        model.EncodePassages([.. texts.Take(WarmUpRead)], cancellation: cancellation);
        Stopwatch clock = Stopwatch.StartNew();
        model.EncodePassages(texts, cancellation: cancellation);
        double perPassage = clock.Elapsed.TotalSeconds / texts.Length;
        clock.Restart();
        model.EncodeQueries(queries, cancellation: cancellation);
        return (perPassage, clock.Elapsed.TotalSeconds / Math.Max(1, queries.Length));
    }

    // An empty query trains nothing. Where next to none was written, the passages' beginnings are asked.
    private double Train(Passage[] tried, string[] queries, double perPassage, CancellationToken cancellation)
    {
        QueryPassagePair[] pairs = [.. queries.Select((query, i) => new QueryPassagePair(query, PairFiles.OneField(tried[i / mixture.Count].SearchText))).Where(pair => pair.Query.Length > 0)];
        int asked = pairs.Select(pair => pair.Passage).Distinct().Count();
        if (asked < 2)
        {
            pairs = [.. tried.Select(passage => new QueryPassagePair(passage.Text[..Math.Min(60, passage.Text.Length)], PairFiles.OneField(passage.SearchText)))];
            asked = tried.Length;
        }

        string folder = Directory.CreateTempSubdirectory("genq-").FullName;
        try
        {
            int batch = Math.Min(settings.Training.BatchSize, asked);
            int steps = (int)Math.Clamp(TrainingSeconds / (EncodingsPerStep * perPassage * batch), FewestSteps, MostSteps);
            BiEncoderTrainerOptions options = settings.Training with
            {
                BatchSize = batch,
                Epochs = steps,
                MaxSteps = steps,
                Neighbours = 1,
                Labels = LabelKind.Hard,
                WordsWeight = 0,
                Precision = settings.Precision,
                Seed = settings.Seed,
            };
            List<double> ends = [];
            Stopwatch clock = Stopwatch.StartNew();
            new BiEncoderTrainer(options).Train(settings.Base, pairs, folder, progress: new SynchronousProgress<TrainingStep>(_ => ends.Add(clock.Elapsed.TotalSeconds)), cancellation: cancellation);

            // A mean, not a median: each few steps one takes twice as long, for memory that it is given anew, and so it is in a run.
            return ends.Count <= WarmUpSteps ? clock.Elapsed.TotalSeconds : (ends[^1] - ends[WarmUpSteps - 1]) / (ends.Count - WarmUpSteps) * settings.Training.BatchSize / batch;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private IEnumerable<Passage> Spread(int most) => EvenSpread.Of(passages.Count, most).Select(place => passages[place]);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
