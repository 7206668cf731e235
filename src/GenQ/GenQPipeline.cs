using System.Globalization;
using GenQ.Data;
using GenQ.Documents;
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
    private readonly RunState _state;
    private readonly IProgress<StageProgress>? _progress;

    /// <summary>Begins a run, or opens one to go on with it.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="settings">What to do; <see langword="null"/> takes the settings the run was begun with.</param>
    /// <param name="progress">Told how every stage comes on.</param>
    /// <exception cref="GenQException">No settings are given and the folder is no run, or the settings contradict themselves.</exception>
    public GenQPipeline(string folder, GenQSettings? settings = null, IProgress<StageProgress>? progress = null)
    {
        settings?.Corpus.Validate();
        _run = new RunFolder(folder);
        _ledger = new RunLedger(_run.Settings);
        _settings = settings ?? _ledger.Settings;
        _state = new RunState(_run);
        _progress = progress;
    }

    /// <summary>Readers of document formats of your own; where one reads an extension that GenQ knows too, it is taken.</summary>
    public IReadOnlyList<IDocumentReader> Readers { get; init; } = [];

    /// <summary>What writes the queries; <see langword="null"/> takes the T5 that the settings name.</summary>
    public IQueryWriter? Writer { get; init; }

    /// <summary>Runs every stage whose output is missing.</summary>
    /// <exception cref="GenQException">A stage cannot do its work; the message says what to mend.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the same call goes on from there.</exception>
    public async Task<RunReport> RunAsync(CancellationToken cancellation = default)
    {
        RequireInputs();
        await FetchModelsAsync(cancellation).ConfigureAwait(false);
        await ReadDocumentsAsync(cancellation).ConfigureAwait(false);
        await GenerateQueriesAsync(cancellation).ConfigureAwait(false);
        await FilterPairsAsync(cancellation).ConfigureAwait(false);
        await TrainEncoderAsync(cancellation).ConfigureAwait(false);
        await IndexPassagesAsync(cancellation).ConfigureAwait(false);
        return await EvaluateAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Documents → passages.jsonl and skipped.jsonl.</summary>
    public async Task MakePassagesAsync(CancellationToken cancellation = default)
    {
        await ReadDocumentsAsync(cancellation).ConfigureAwait(false);

        // A run takes the new settings, or refuses them, stage by stage; who only makes the passages would not hear of it.
        if (!_ledger.Holds(_settings))
            _progress.Say($"Later stages of '{_run.Path}' have begun: these settings are not written down, and those stages go on with the old ones. A whole run takes new ones for stages that have not begun.");
    }

    /// <summary>Documents → passages.jsonl, and what would be done with them.</summary>
    public async Task<RunPlan> PlanAsync(CancellationToken cancellation = default)
    {
        await MakePassagesAsync(cancellation).ConfigureAwait(false);
        return RunPlan.Of(_settings, Mixture, _state.Passages.Length);
    }

    private Task ReadDocumentsAsync(CancellationToken cancellation) => RunAsync(
        new Stage("passages", "passages.jsonl")
        {
            Identity = () => new Dictionary<string, string>
            {
                ["documents"] = Fingerprint.OfFiles(CorpusFiles.Find(_settings.Corpus, _run, Loader)),
                ["base"] = _state.HashOf(_settings.Base),
            },
            IsMade = () => File.Exists(_run.Passages),
            Make = async stop =>
            {
                CorpusReader reader = new(_settings.Corpus, _run, Loader, _settings.Base, _progress);
                List<Passage> passages = await reader.ReadAsync(stop).ConfigureAwait(false);
                PassageFile.Write(_run.Passages, passages);
                _progress.Say($"{passages.Count:N0} passages of {passages.Average(p => p.SearchText.Count(char.IsWhiteSpace) + 1):0} words on average");
            },
        },
        cancellation);

    /// <summary>Passages → pairs/, and evaluation queries of the held-out passages → heldout/.</summary>
    public Task GenerateQueriesAsync(CancellationToken cancellation = default) => RunAsync(
        new Stage("generate", "heldout/ and pairs/")
        {
            Inputs = [(_run.Passages, "passages", "passages")],
            Identity = () => new Dictionary<string, string>(Mixture.Identity)
            {
                ["passages"] = _state.PassagesHash,
                ["held-out share"] = string.Create(CultureInfo.InvariantCulture, $"{_settings.HeldOutShare}"),
            },
            HasOutput = () => File.Exists(_run.HoldOut),
            IsMade = () => new RunQueries(_run, _settings, Mixture).AreWritten(_state.Passages),
            Make = stop => new RunQueries(_run, _settings, Mixture).WriteAsync(_state.Passages, _progress, stop),
        },
        cancellation);

    /// <summary>Pairs → filter.jsonl and filter-summary.json: which of them are trained on.</summary>
    public Task FilterPairsAsync(CancellationToken cancellation = default)
    {
        if (!_settings.Filter) return Task.CompletedTask;
        QueryPassagePair[] pairs = [.. ReadPairs()];
        return RunAsync(
            new Stage("filter", "filter-summary.json")
            {
                Identity = () => new Dictionary<string, string> { ["pairs"] = Fingerprint.OfPairs(pairs) },
                IsMade = () => File.Exists(_run.FilterSummary),

                // Who cleans pairs by hand has them judged anew.
                Discard = () => File.Delete(_run.FilterSummary),
                Make = _ =>
                {
                    foreach (FilteredPairs group in FilterFile.Write(_run, pairs)) _progress.Say($"filter: {group}");
                    return Task.CompletedTask;
                },
            },
            cancellation);
    }

    /// <summary>Kept pairs → model/.</summary>
    public async Task TrainEncoderAsync(CancellationToken cancellation = default)
    {
        await FilterPairsAsync(cancellation).ConfigureAwait(false);
        IEnumerable<QueryPassagePair> pairs = ReadPairs((file, line) => _progress.Say($"{file}, line {line}: not 'query<TAB>passage', skipped"));
        QueryPassagePair[] kept = [.. _settings.Filter ? FilterFile.Keep(_run.Filter, pairs) : pairs];
        string weights = Path.Combine(_run.Model, "model.safetensors");
        BiEncoderTrainer trainer = new(_settings.Training with { Precision = _settings.Precision, Seed = _settings.Seed });
        await RunAsync(
            new Stage("train", "model/ and checkpoints/")
            {
                Identity = () => new Dictionary<string, string>(trainer.Identity(_settings.Base, kept)) { ["filter"] = _settings.Filter ? "on" : "off" },
                HasOutput = () => File.Exists(weights) || Directory.Exists(_run.Checkpoints),
                IsMade = () => File.Exists(weights),
                Make = stop =>
                {
                    ModelCard card = new()
                    {
                        Name = ModelCard.NameOf(_run.Path),
                        BaseModel = ModelCard.BaseNameOf(_settings.Base),
                        Data = $"{kept.Length} {Mixture.Words} for {kept.DistinctBy(pair => pair.Passage).Count()} passages.",
                    };
                    TrainingSummary summary = trainer.Train(
                        _settings.Base, kept, _run.Path, card,
                        _progress.Of<TrainingStep>("training", step => (step.Step, step.Steps, step.ToString())),
                        _progress.Of<(int Done, int Total)>("reading with the base", read => (read.Done, read.Total, "")),
                        stop);
                    _progress.Say($"trained {summary.Steps:N0} steps, {summary.WarmupSteps:N0} of them warm-up; {summary.EmptyPairs:N0} pairs were empty, {summary.UnusedPairs:N0} stood in no batch");
                    return Task.CompletedTask;
                },
            },
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Passages and model → index/.</summary>
    public Task IndexPassagesAsync(CancellationToken cancellation = default) => RunAsync(
        new Stage("index", "index/")
        {
            Inputs = [(_run.Model, "model", "train"), (_run.Passages, "passages", "passages")],
            Identity = () => IndexIdentity,
            IsMade = () => RunIndex.IsWhole(_run, _state.HashOf(_run.Model)),
            Discard = () => DeleteFolder(_run.IndexFolder),
            Make = stop =>
            {
                using BiEncoder encoder = Load(_run.Model);
                Passage[] passages = _state.Passages;
                RunIndex.Write(
                    _run, _state.HashOf(_run.Model), encoder, passages, _progress.Of<int>("indexing", done => (done, passages.Length, "")), stop);
                return Task.CompletedTask;
            },
        },
        cancellation);

    /// <summary>BM25, base and adapted, each also with BM25, on the held-out or the labelled queries → report/report.json.</summary>
    public async Task<RunReport> EvaluateAsync(CancellationToken cancellation = default)
    {
        Lazy<RetrievalTask> task = new(() => RunReport.TaskOf(_run, _settings));
        RunReport? report = null;
        await RunAsync(
            new Stage("evaluate", "report/")
            {
                Inputs = [(_run.Model, "model", "train")],
                Identity = () => new Dictionary<string, string>
                {
                    ["model"] = _state.HashOf(_run.Model),
                    ["base"] = _state.HashOf(_settings.Base),
                    ["corpus"] = Fingerprint.OfTexts([.. task.Value.Corpus.Select(passage => passage.SearchText)]),
                    ["precision"] = _settings.PrecisionInUse,
                },

                // It is measured again each time; only vectors that an interrupted measurement has left are gone on with.
                IsMade = () => false,
                Discard = () => DeleteFolder(_run.EvaluationVectors),
                Make = stop =>
                {
                    ComparedModel untuned = new("base", () => Load(_settings.Base), Vectors("base"));
                    ComparedModel adapted = new("adapted", () => Load(_run.Model), IsIndexOf(task.Value.Corpus) ? _run.Index : Vectors("adapted")) { Hybrid = RunReport.Hybrid };
                    ModelComparison comparison = ModelComparison.Run(
                        task.Value, [untuned, adapted], [("bm25", EnglishText.AnalyzerFor(task.Value.Corpus))], _progress, stop);
                    report = RunReport.Of(comparison, _settings.PrecisionInUse, isGenerated: _settings.LabelledTask is null);
                    report.Save(_run.Report);
                    DeleteFolder(_run.EvaluationVectors);
                    return Task.CompletedTask;
                },
            },
            cancellation).ConfigureAwait(false);
        return report!;

        string Vectors(string model) => Path.Combine(_run.EvaluationVectors, $"{model}.vectors");
    }

    private DocumentLoader Loader => new([.. DocumentLoader.StandardReaders, .. Readers]);

    private QueryMixture Mixture => field ??= QueryMixture.Of(_settings, Writer);

    private Dictionary<string, string> IndexIdentity => new() { ["model"] = _state.HashOf(_run.Model), ["passages"] = _state.PassagesHash };

    // The work is long and holds its thread, which may be one that paints a window.
    private Task RunAsync(Stage stage, CancellationToken cancellation) => Task.Run(() => _ledger.RunAsync(stage, _settings, cancellation), cancellation);

    private BiEncoder Load(string model) => BiEncoder.Load(model, new BiEncoderOptions { Precision = _settings.Precision });

    // Whoever searches the run searches its index, so that is what is measured, where the queries are asked of the run's own passages.
    private bool IsIndexOf(IReadOnlyList<Passage> corpus)
        => _ledger.IsBegunWith("index", IndexIdentity) && RunIndex.IsWhole(_run, _state.HashOf(_run.Model))
            && corpus.Select(passage => passage.SearchText).SequenceEqual(_state.Passages.Select(passage => passage.SearchText));

    private IEnumerable<QueryPassagePair> ReadPairs(Action<string, int>? skipped = null)
    {
        RunQueries.RequirePairs(_run, _settings.Seed, _ledger.Begun("generate", "count"));
        return PairFiles.Read(_run.Pairs, skipped);
    }

    // Before downloads and hours of work, not after them.
    private void RequireInputs()
    {
        if (_settings.LabelledTask is { } labelled) BeirFolder.Read(labelled);
        else if (_settings.HeldOutShare == 0) throw RunReport.NothingToMeasure();
        _ = CorpusFiles.Find(_settings.Corpus, _run, Loader);
    }

    // A download shows how far it is, and stops when it is told to; later stages find the models in the cache.
    private async Task FetchModelsAsync(CancellationToken cancellation)
    {
        IProgress<DownloadProgress>? progress = _progress.Of<DownloadProgress>("downloading", p => (p.Bytes, p.TotalBytes, p.File));
        await ModelFolder.ResolveAsync(_settings.Base, progress: progress, cancellation: cancellation).ConfigureAwait(false);
        if (Writer is null) await ModelFolder.ResolveAsync(_settings.Generator, progress: progress, cancellation: cancellation).ConfigureAwait(false);
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
