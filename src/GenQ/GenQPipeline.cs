using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Filtering;
using GenQ.Generation;
using GenQ.Models;
using GenQ.Retrieval;
using GenQ.Text;
using GenQ.Training;

namespace GenQ;

/// <summary>
/// The method on one page: documents → passages → queries → pairs → kept pairs → bi-encoder → index → did it help?
/// Every stage reads files of the run folder and writes others; a stage whose output is there is not run again, so a run
/// that was interrupted goes on where it was.
/// </summary>
public sealed class GenQPipeline
{
    private readonly RunFolder _run;
    private readonly RunLedger _ledger;
    private readonly GenQSettings _settings;
    private readonly IProgress<StageProgress>? _progress;

    /// <summary>Begins a run, or opens one to go on with it.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="settings">What to do; <see langword="null"/> takes the settings the run was begun with.</param>
    /// <param name="progress">Told how every stage comes on.</param>
    /// <exception cref="GenQException">No settings are given and the folder is no run, or the settings contradict themselves.</exception>
    public GenQPipeline(string folder, GenQSettings? settings = null, IProgress<StageProgress>? progress = null)
    {
        NativeSwitches.Apply();
        settings?.Validate();
        _run = new RunFolder(folder);
        _ledger = new RunLedger(_run.Settings);
        _settings = settings ?? _ledger.Settings;
        _progress = progress;
    }

    /// <summary>Runs every stage whose output is missing.</summary>
    /// <exception cref="GenQException">A stage cannot do its work; the message says what to mend.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the same call goes on from there.</exception>
    public async Task<RunReport> RunAsync(CancellationToken cancellation = default)
    {
        RequireInputs();
        await FetchModelsAsync(cancellation).ConfigureAwait(false);
        await ReadDocumentsAsync(cancellation).ConfigureAwait(false);
        return await Task.Run(
            () =>
            {
                GenerateQueries(cancellation);
                FilterPairs(cancellation);
                TrainEncoder(cancellation);
                IndexPassages(cancellation);
                return Evaluate(cancellation);
            },
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Documents → passages.jsonl and skipped.jsonl.</summary>
    public async Task MakePassagesAsync(CancellationToken cancellation = default)
    {
        await ReadDocumentsAsync(cancellation).ConfigureAwait(false);

        // A run takes the new settings, or refuses them, stage by stage; who only makes the passages would not hear of it.
        if (!_ledger.Holds(_settings))
        {
            _progress.Say(
                $"Later stages of '{_run.Path}' have begun, so these settings are not written down: 'genq generate' and the other stages go on with the old ones. 'genq run' takes new ones where a stage has not begun.");
        }
    }

    /// <summary>Passages → pairs/, and evaluation queries of the held-out passages → heldout/.</summary>
    public void GenerateQueries(CancellationToken cancellation = default)
    {
        Passage[] passages = ReadPassages();
        _ledger.Begin("generate", StageIdentity.OfQueries(_settings, _run), _settings, hasOutput: File.Exists(_run.HoldOut));

        // What gets queries may change until the first are there.
        bool isChosen = File.Exists(_run.HoldOut) && (Directory.Exists(_run.Pairs) || Directory.Exists(_run.HeldOutPairs));
        HoldOut holdOut = isChosen ? HoldOut.Load(_run.HoldOut) : HoldOut.ChooseAnew(_run.HoldOut, passages, _settings);
        (Passage[] training, Passage[] evaluation) = holdOut.Split(passages, _settings.Decoding.Seed);
        bool isMeasurable = evaluation.Length == 0 || File.Exists(_run.HeldOutQueries);
        if (isMeasurable && PairFiles.AreComplete(_run.Pairs, training.Length * _settings.Decoding.Count)) return;

        _progress.Say($"{holdOut.Sentence}");
        SayWhatGetsNoQueries(holdOut, passages.Length, training.Length, evaluation.Length);
        if (EnglishText.Warning(passages) is { } warning) _progress.Say($"{warning}");
        using QueryGenerator generator = QueryGenerator.Load(_settings.Generator, _settings.Decoding, _settings.Precision, _settings.Int8Generator);
        int count = _settings.Decoding.Count;
        if (!isMeasurable) EvaluationQueries.Write(_run, generator, evaluation, count, Written("writing evaluation queries"), cancellation);
        generator.Generate(training, _run.Pairs, count, _settings.Crops, Written("writing queries"), cancellation);
        IProgress<GenerationProgress>? Written(string stage) => _progress.Of<GenerationProgress>(stage, p => (p.Queries, p.Total, $"\"{p.Sample}\""));
    }

    /// <summary>Pairs → filter.jsonl and filter-summary.json: which of them are trained on.</summary>
    public void FilterPairs(CancellationToken cancellation = default)
    {
        if (!_settings.Filter) return;
        RequirePairs();
        QueryPassagePair[] pairs = [.. PairFiles.Read(_run.Pairs)];

        // Who cleans pairs by hand has them judged anew.
        bool isMade = File.Exists(_run.FilterSummary) && _ledger.IsBegunWith("filter", StageIdentity.OfPairs(pairs));
        if (!isMade) File.Delete(_run.FilterSummary);
        _ledger.Begin("filter", StageIdentity.OfFilter(_settings, pairs), _settings, isMade);
        if (isMade) return;
        bool[]? finds = _settings.RoundTrip > 0 ? RoundTrip.Finds(pairs, ReadPassages(), _settings.RoundTrip, cancellation) : null;
        foreach (FilteredPairs group in FilterFile.Write(_run, pairs, finds)) _progress.Say($"filter: {group}");
    }

    /// <summary>Kept pairs → model/.</summary>
    public void TrainEncoder(CancellationToken cancellation = default)
    {
        if (_settings.Filter) FilterPairs(cancellation);
        else RequirePairs();
        IEnumerable<QueryPassagePair> pairs = PairFiles.Read(_run.Pairs, (file, line) => _progress.Say($"{file}, line {line}: not 'query<TAB>passage', skipped"));
        QueryPassagePair[] kept = [.. _settings.Filter ? FilterFile.Keep(_run.Filter, pairs) : pairs];
        bool isMade = File.Exists(Path.Combine(_run.Model, "model.safetensors"));
        _ledger.Begin("train", StageIdentity.OfModel(_settings, kept), _settings, isMade || Directory.Exists(_run.Checkpoints));
        if (isMade) return;
        TrainingSummary summary = new BiEncoderTrainer(_settings.Training with { Precision = _settings.Precision }).Train(
            _settings.Base,
            kept,
            _run.Path,
            new ModelCard
            {
                Name = ModelCard.NameOf(_run.Path),
                BaseModel = ModelCard.BaseNameOf(_settings.Base),
                Data = $"{kept.Length} {_settings.KindsOfQueries} for {kept.DistinctBy(pair => pair.Passage).Count()} passages.",
            },
            _progress.Of<TrainingStep>("training", step => (step.Step, step.Steps, step.ToString())),
            _progress.Of<(int Done, int Total)>("reading with the base", read => (read.Done, read.Total, "")),
            cancellation);
        _progress.Say($"trained {summary.Steps:N0} steps, {summary.WarmupSteps:N0} of them warm-up; {summary.EmptyPairs:N0} pairs were empty, {summary.UnusedPairs:N0} stood in no batch");
    }

    /// <summary>Passages and model → index/.</summary>
    public void IndexPassages(CancellationToken cancellation = default)
    {
        RequireStage(_run.Model, "model", "train");
        Dictionary<string, string> identity = StageIdentity.OfIndex(_run, Fingerprint.OfModel(_run.Model));
        bool isMade = IsIndexed(identity);
        BeginAnew("index", identity, _run.IndexFolder, isMade);
        if (isMade) return;
        Passage[] passages = ReadPassages();
        Bm25Index.Build(passages, EnglishText.AnalyzerFor(passages)).Save(_run.WordIndex);
        using BiEncoder encoder = BiEncoder.Load(_run.Model, new BiEncoderOptions { Precision = _settings.Precision });
        string[] texts = [.. passages.Select(passage => passage.SearchText)];
        IndexParts.Write(_run.Index, identity["model"], encoder, texts, _progress.Of<int>("indexing", done => (done, texts.Length, "")), cancellation);
    }

    /// <summary>BM25, base and adapted, each also with BM25, on the held-out or the labelled queries → report/report.json.</summary>
    public RunReport Evaluate(CancellationToken cancellation = default)
    {
        RequireStage(_run.Model, "model", "train");
        RetrievalTask task = _settings.LabelledTask is { } labelled
            ? BeirFolder.Read(labelled)
            : File.Exists(_run.HeldOutQueries)
                ? BeirFolder.Read(_run.HeldOut, corpus: _run.Passages)
                : throw NothingToMeasure();
        Dictionary<string, string> identity = StageIdentity.OfReport(_settings, _run, task.Corpus);
        BeginAnew("evaluate", identity, _run.EvaluationVectors, isMade: false);
        BiEncoderOptions options = new() { Precision = _settings.Precision };
        ModelComparison comparison = ModelComparison.Run(
            task,
            [
                new("base", () => BiEncoder.Load(_settings.Base, options), Vectors("base")),
                new("adapted", () => BiEncoder.Load(_run.Model, options), IndexOf(task.Corpus, identity["model"]) ?? Vectors("adapted")) { Hybrid = RunReport.Hybrid },
            ],
            [("bm25", EnglishText.AnalyzerFor(task.Corpus))],
            _progress,
            cancellation);
        RunReport report = RunReport.Of(comparison, _settings.PrecisionInUse, isGenerated: _settings.LabelledTask is null);
        report.Save(_run.Report);
        DeleteFolder(_run.EvaluationVectors);
        return report;

        string Vectors(string model) => Path.Combine(_run.EvaluationVectors, $"{model}.vectors");
    }

    private async Task ReadDocumentsAsync(CancellationToken cancellation)
    {
        bool isMade = File.Exists(_run.Passages);
        _ledger.Begin("passages", StageIdentity.OfPassages(_settings, _run), _settings, isMade);
        if (isMade) return;
        List<Passage> passages = await new CorpusReader(_settings, _progress).ReadAsync(_run.Skipped, cancellation).ConfigureAwait(false);
        PassageFile.Write(_run.Passages, passages);
        _progress.Say($"{passages.Count:N0} passages of {passages.Average(p => p.SearchText.Count(char.IsWhiteSpace) + 1):0} words on average");
    }

    // Of a large corpus a part gets queries: what no training step has a place for, and what would measure no better, is not written.
    private void SayWhatGetsNoQueries(HoldOut holdOut, int passages, int training, int evaluation)
    {
        int heldOut = holdOut.Passages.Count, others = passages - heldOut;
        if (training < others) _progress.Say($"Training queries are written for {training:N0} of {others:N0} passages: with the --max-steps that the run began with there is no place for more.");
        if (evaluation < heldOut) _progress.Say($"Evaluation queries are written for {evaluation:N0} of the {heldOut:N0} held-out passages: enough to measure with.");
    }

    private Passage[] ReadPassages() => File.Exists(_run.Passages)
        ? [.. PassageFile.Read(_run.Passages)]
        : throw new GenQException($"'{_run.Path}' has no passages yet: run 'genq passages DOCS -o {_run.Path}' first.");

    // A download shows how far it is, and stops when it is told to; later stages find the models in the cache.
    private async Task FetchModelsAsync(CancellationToken cancellation)
    {
        IProgress<DownloadProgress>? progress = _progress.Of<DownloadProgress>("downloading", p => (p.Bytes, p.TotalBytes, p.File));
        await ModelFolder.ResolveAsync(_settings.Base, progress: progress, cancellation: cancellation).ConfigureAwait(false);
        await ModelFolder.ResolveAsync(_settings.Generator, progress: progress, cancellation: cancellation).ConfigureAwait(false);
    }

    // Before downloads and hours of work, not after them.
    private void RequireInputs()
    {
        if (_settings.LabelledTask is { } labelled) BeirFolder.Read(labelled);
        else if (_settings.HeldOutShare == 0) throw NothingToMeasure();
        _ = CorpusFiles.Find(_settings, _run);
    }

    private static GenQException NothingToMeasure() => new(
        "There is nothing to measure on: hold documents out (--holdout 0.1) or give labelled queries (--labelled FOLDER). "
        + "To adapt without measuring, run the stages by themselves: genq passages, generate, train, index.");

    // What a user of the run would search is what is measured, where the queries are asked of the run's own passages.
    private string? IndexOf(IReadOnlyList<Passage> corpus, string model)
        => File.Exists(_run.Index) && IsIndexed(StageIdentity.OfIndex(_run, model))
            && corpus.Select(passage => passage.SearchText).SequenceEqual(ReadPassages().Select(passage => passage.SearchText))
            ? _run.Index
            : null;

    // An index is made of files of the run alone, so one that is damaged or of another model is made anew without a question.
    private bool IsIndexed(Dictionary<string, string> identity)
    {
        if (!_ledger.IsBegunWith("index", identity)) return false;
        try
        {
            using PassageIndex vectors = PassageIndex.Open(_run.Index, identity["model"]);
            return Bm25Index.Load(_run.WordIndex).Count == vectors.Count;
        }
        catch (GenQException)
        {
            return false;
        }
    }

    // What is made of files of the run alone is made anew without a question where those are others now.
    private void BeginAnew(string stage, Dictionary<string, string> identity, string folder, bool isMade)
    {
        if (!_ledger.IsBegunWith(stage, identity)) DeleteFolder(folder);
        _ledger.Begin(stage, identity, _settings, isMade);
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    // Files of pairs are written one by one: of an interrupted generation some are there.
    private void RequirePairs()
    {
        RequireStage(_run.Pairs, "pairs", "generate");
        if (!File.Exists(_run.HoldOut)) return;
        int pairs = HoldOut.Load(_run.HoldOut).Split(ReadPassages(), _settings.Decoding.Seed).Training.Length * _settings.Decoding.Count;
        if (!PairFiles.AreComplete(_run.Pairs, pairs))
        {
            throw new GenQException(
                $"'{_run.Pairs}' has {PairFiles.FirstMissing(_run.Pairs)} of {PairFiles.Count(pairs)} files: the queries are not all written. Go on with 'genq generate {_run.Path}' first.");
        }
    }

    private void RequireStage(string folder, string holds, string verb)
    {
        if (!Directory.Exists(folder)) throw new GenQException($"'{_run.Path}' has no {holds} yet: run 'genq {verb} {_run.Path}' first.");
    }
}
