using System.Globalization;
using GenQ.Data;
using GenQ.Documents;
using GenQ.Evaluation;
using GenQ.Filtering;
using GenQ.Generation;
using GenQ.Models;
using GenQ.Onnx;
using GenQ.Reporting;
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

    /// <summary>Says how a run of these settings is made again, in the words of the interface that runs it: a command line. The report shows it.</summary>
    public Func<GenQSettings, string>? Invocation { get; init; }

    /// <summary>Runs every stage whose output is missing.</summary>
    /// <exception cref="GenQException">A stage cannot do its work; the message says what to mend.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the same call goes on from there.</exception>
    public async Task<RunReport> RunAsync(CancellationToken cancellation = default)
    {
        MeasuredTasks.Require(_settings);
        using IDisposable held = _ledger.Hold("run");
        _ = CorpusFiles.Find(_settings.Corpus, _run, Loader);
        await FetchModelsAsync(cancellation).ConfigureAwait(false);
        await ReadDocumentsAsync(cancellation).ConfigureAwait(false);
        await GenerateQueriesAsync(cancellation).ConfigureAwait(false);
        await FilterPairsAsync(cancellation).ConfigureAwait(false);
        await TrainEncoderAsync(cancellation).ConfigureAwait(false);
        await IndexPassagesAsync(cancellation).ConfigureAwait(false);
        await ExportModelAsync(cancellation).ConfigureAwait(false);
        return await EvaluateAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Documents → passages.jsonl and skipped.jsonl.</summary>
    public async Task MakePassagesAsync(CancellationToken cancellation = default)
    {
        using IDisposable held = _ledger.Hold("passages");
        await ReadDocumentsAsync(cancellation).ConfigureAwait(false);

        // A run takes the new settings, or refuses them, stage by stage; who only makes the passages would not hear of it.
        if (!_ledger.Holds(_settings))
            _progress.Say($"Later stages of '{_run.Path}' have begun: these settings are not written down, and those stages go on with the old ones. A whole run takes new ones for stages that have not begun.");
    }

    /// <summary>Documents → passages.jsonl, and what would be done with them; where no language model writes, also what each stage would take, by trying a little of it.</summary>
    public async Task<RunPlan> PlanAsync(CancellationToken cancellation = default)
    {
        await MakePassagesAsync(cancellation).ConfigureAwait(false);
        RunPlan plan = RunPlan.Of(_settings, Mixture, _state.Passages);
        if (_settings.Chat.Writer is not null || Writer is not null) return plan;
        return await Task.Run(() => new RunProbe(_settings, Mixture, _state.Passages).MeasureAsync(plan, cancellation), cancellation).ConfigureAwait(false);
    }

    private Task ReadDocumentsAsync(CancellationToken cancellation)
    {
        Stage stage = new("passages", "passages.jsonl")
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
            },
            Totals = () => StageTotals.OfPassages(_state.Passages),
        };
        return RunAsync(stage, cancellation);
    }

    /// <summary>Passages → pairs/, and evaluation queries of the held-out passages → heldout/.</summary>
    public async Task GenerateQueriesAsync(CancellationToken cancellation = default)
    {
        using IDisposable held = TakeOver("generate", "passages");
        Stage stage = new("generate", "heldout/ and pairs/")
        {
            Inputs = [(_run.Passages, "passages", "passages")],
            Identity = () => new Dictionary<string, string>(
                _settings.IndexedQueries > 0 ? Mixture.Identity.Append(new("indexed queries", $"{_settings.IndexedQueries}")) : Mixture.Identity)
            {
                ["passages"] = _state.PassagesHash,
                ["held-out share"] = string.Create(CultureInfo.InvariantCulture, $"{_settings.HeldOutShare}"),
            },
            HasOutput = () => File.Exists(_run.HoldOut),
            IsMade = () => new RunQueries(_run, _settings, Mixture).AreWritten(_state.Passages),
            Make = stop => new RunQueries(_run, _settings, Mixture).WriteAsync(_state.Passages, _progress, stop),
            Totals = () => StageTotals.OfQueries(_run),
        };
        await RunAsync(stage, cancellation).ConfigureAwait(false);
    }

    /// <summary>Pairs → filter.jsonl and filter-summary.json: which of them are trained on.</summary>
    public async Task FilterPairsAsync(CancellationToken cancellation = default)
    {
        if (!_settings.Filter) return;
        using IDisposable held = TakeOver("filter", "passages", "generate");
        QueryPassagePair[] pairs = [.. ReadPairs()];
        Stage stage = new("filter", "filter-summary.json")
        {
            Identity = () => FilterIdentity(pairs),
            IsMade = () => File.Exists(_run.FilterSummary),

            // Who cleans pairs by hand has them judged anew.
            Discard = () => Disk.Current.Delete(_run.FilterSummary),
            Make = stop => Do(() =>
            {
                FilteredPairs[] groups = FilterFile.Write(_run, pairs, _settings.Query.Crops > 0, _settings.FilterRank, sound => RanksOfPassages(sound, stop));
                foreach (FilteredPairs group in groups) _progress.Say($"filter: {group}");
            }),
            Totals = () => StageTotals.OfFilter(_run),
        };
        await RunAsync(stage, cancellation).ConfigureAwait(false);
    }

    /// <summary>Kept pairs → model/: the trained model, or what of it queries of the passages that are set aside support.</summary>
    public async Task TrainEncoderAsync(CancellationToken cancellation = default)
    {
        using IDisposable held = TakeOver("train", "passages", "generate");
        await FilterPairsAsync(cancellation).ConfigureAwait(false);
        IEnumerable<QueryPassagePair> pairs = ReadPairs((file, line) => _progress.Say($"{file}, line {line}: not 'query<TAB>passage', skipped"));
        JudgedPairs judged = Judged;
        QueryPassagePair[] kept = [.. judged.Apply(Sound(pairs))];
        RequireBatch(kept);
        BiEncoderTrainer trainer = new(_settings.Training with { Precision = _settings.Precision, Seed = _settings.Seed });
        string weights = Path.Combine(_run.Model, WeightFiles.SafeTensorsFile);
        Dictionary<string, string> identity = new(trainer.Identity(_settings.Base, kept)) { ["filter"] = _settings.Filter ? "on" : "off" };
        if (_settings.ChoosesModel) identity["keep"] = "best";
        if (judged.Hash is { } hash)
        {
            identity["judged"] = hash;
            _progress.Say($"{judged}");
        }

        HeldOutLook look = new(_run, _settings, _state, cancellation);
        ModelChoice choice = new(_run, _settings, _state, BaseVectors);
        Stage stage = new("train", "model/ and checkpoints/")
        {
            Identity = () => identity,
            HasOutput = () => File.Exists(weights) || Directory.Exists(_run.Checkpoints),
            IsMade = () => File.Exists(weights) && choice.IsMade,

            // Who judges queries and runs again asks for a model that has learned from it. Anything else that differs is asked about.
            Discard = _ledger.DiffersOnlyIn("train", identity, "judged", "pairs") ? DiscardModel : null,
            Make = stop => Do(() =>
            {
                string data = $"{kept.Length} {KindsOfQueries} for {kept.DistinctBy(pair => pair.Passage).Count()} passages.";
                ModelCard card = new() { Name = ModelCard.NameOf(_run.Path), BaseModel = ModelCard.BaseNameOf(_settings.Base), Data = data };
                if (!File.Exists(weights))
                {
                    TrainingSummary summary = trainer.Train(
                        _settings.Base, kept, _run.Path, card,
                        _progress.Of<TrainingStep>("training", step => (step.Step, step.Steps, step.ToString())),
                        _progress.Of<(int Done, int Total)>("reading with the base", read => (read.Done, read.Total, "")),
                        look.CanLook ? look.Of : null,
                        stop);
                    _progress.Say(summary.InWords);
                }

                if (!choice.IsMade) choice.Make(_progress, stop);
            }),
            Clear = () => Disk.Current.Delete(_run.Checkpoints),
            Totals = () => StageTotals.OfTraining(_run),
        };
        await RunAsync(stage, cancellation).ConfigureAwait(false);
    }

    /// <summary>Passages and model → index/.</summary>
    public async Task IndexPassagesAsync(CancellationToken cancellation = default)
    {
        using IDisposable held = TakeOver("index", "passages", "generate", "filter", "train");
        QueryPassagePair[] indexed = PairsForIndex();
        Stage stage = new("index", "index/")
        {
            Inputs = [(_run.Model, "model", "train"), (_run.Passages, "passages", "passages")],
            Identity = () => IndexIdentity(indexed),
            IsMade = () => IsIndexed,
            Discard = () => RunIndex.Delete(_run),
            Make = stop => Do(() =>
            {
                using (BiEncoder model = BiEncoder.Load(_run.Model, new BiEncoderOptions { Precision = _settings.Precision }))
                {
                    RunIndex.Write(
                        _run, model, _state.Passages, IndexedQueries.ByPassage(_state.Passages, indexed), _progress.Of<int>("indexing", done => (done, _state.Passages.Length, "")), stop);
                }

                RunIndex.WriteWordsWeight(_run, WordsWeight(stop));
            }),
            Totals = () => StageTotals.OfIndex(_run, _state.Passages.Length),
        };
        await RunAsync(stage, cancellation).ConfigureAwait(false);
    }

    /// <summary>Model → onnx/: with it a search needs no torch.</summary>
    public async Task ExportModelAsync(CancellationToken cancellation = default)
    {
        if (!_settings.Export) return;
        using IDisposable held = TakeOver("export", "train");
        Stage stage = new("export", "onnx/")
        {
            Inputs = [(_run.Model, "model", "train")],
            Identity = () => new Dictionary<string, string> { ["model"] = _state.HashOf(_run.Model) },
            IsMade = () => OnnxExport.IsOf(_run.Onnx, _state.HashOf(_run.Model)),
            Make = _ => Do(() => OnnxExport.Write(_run.Model, _run.Onnx)),
            Totals = () => StageTotals.OfExport(_run),
        };
        await RunAsync(stage, cancellation).ConfigureAwait(false);
    }

    /// <summary>BM25, base and adapted, each also with BM25, on the held-out or the labelled queries → report/report.json, and report/report.html for people.</summary>
    public async Task<RunReport> EvaluateAsync(CancellationToken cancellation = default)
    {
        using IDisposable held = TakeOver("evaluate", "passages", "generate", "train");
        RunEvaluation evaluation = new(_run, _settings, _state);
        RunReport? report = null;
        QueryPassagePair[] indexed = PairsForIndex();
        Stage stage = new("evaluate", "report/")
        {
            Inputs = [(_run.Model, "model", "train")],
            Identity = () => evaluation.Identity,

            // It is measured again each time; only vectors that an interrupted measurement has left are gone on with.
            IsMade = () => false,
            Discard = evaluation.Discard,
            Make = stop => Do(() =>
            {
                report = evaluation.Measure(
                    IndexedQueries.ByPassage(_state.Passages, indexed), _ledger.IsBegunWith("index", IndexIdentity(indexed)) && IsIndexed, BaseVectors, _progress, stop);
                _progress.Say($"the report for people is {RunPage.Write(_run, Invocation)}");
            }),
            Totals = () => FormattableString.Invariant($"{report!.Comparison["base"].Queries.Count:N0} queries"),
        };
        await RunAsync(stage, cancellation).ConfigureAwait(false);
        return report!;
    }

    private DocumentLoader Loader => new([.. DocumentLoader.StandardReaders, .. Readers]);

    private QueryMixture Mixture => field ??= QueryMixture.Of(_settings, Writer);

    // As genq.json says it: the generator may be gone by now.
    private string KindsOfQueries
        => int.TryParse(_ledger.Begun("generate", "count"), out int count) && int.TryParse(_ledger.Begun("generate", "crops"), out int crops)
            ? QueryMixture.Words(count, crops)
            : "pairs";

    private BaseVectors BaseVectors => new(_run, _settings, _state);

    // As the base sees it: the adapted model has been trained on the queries that tell it.
    private float WordsWeight(CancellationToken cancellation)
    {
        string[] asked = AskedQueries.Of(_run);
        if (asked.Length == 0) return HybridSearcher.DefaultWordsWeight;
        BiEncoderOptions options = new() { Precision = _settings.Precision };
        using RememberingEncoder model = new(_settings.Base, options, _state);
        using PassageIndex vectors = PassageIndex.Open(BaseVectors.Make(options, _progress, cancellation));
        return RunIndex.WordsWeightOf(Bm25Index.Build(_state.Passages, EnglishText.AnalyzerFor(_state.Passages)), vectors, model, asked);
    }

    private int?[] RanksOfPassages(IReadOnlyList<QueryPassagePair> pairs, CancellationToken cancellation)
    {
        using BiEncoder model = BiEncoder.Load(_settings.Base, new BiEncoderOptions { Precision = _settings.Precision });
        using PassageIndex vectors = BaseVectors.Open(model, _progress, cancellation);
        Bm25Index words = Bm25Index.Build(_state.Passages, EnglishText.AnalyzerFor(_state.Passages));
        HybridSearcher both = new(words, vectors, RunIndex.WordsWeightOf(words, vectors, model, AskedQueries.Of(_run)));
        return RoundTrip.Ranks(model, both, _state.Passages, pairs, _progress, cancellation);
    }

    private Dictionary<string, string> FilterIdentity(QueryPassagePair[] pairs)
    {
        Dictionary<string, string> identity = new() { ["pairs"] = Fingerprint.OfPairs(pairs) };
        if (_settings.FilterRank > 0)
            (identity["rank"], identity["base"], identity["passages"]) = ($"{_settings.FilterRank}", _state.HashOf(_settings.Base), _state.PassagesHash);
        return identity;
    }

    private Dictionary<string, string> IndexIdentity(QueryPassagePair[] indexed)
        => RunIndex.Identity(_state.HashOf(_run.Model), _state.PassagesHash, indexed.Length > 0 ? Fingerprint.OfPairs(indexed) : null);

    // A run whose model came from elsewhere has no queries.
    private QueryPassagePair[] PairsForIndex()
        => _settings.IndexedQueries > 0 && Directory.Exists(_run.Pairs)
            ? IndexedQueries.Choose(Judged.Apply(Sound(ReadPairs())).Concat(RunQueries.ReadIndexPairs(_run, _settings)), _settings.IndexedQueries)
            : [];

    private bool IsIndexed => RunIndex.IsWhole(_run, _state.HashOf(_run.Model));

    // What earlier stages have written is looked at before anything is read of it, and no other process writes meanwhile.
    private IDisposable TakeOver(string work, params string[] stages)
    {
        IDisposable held = _ledger.Hold(work);
        try
        {
            _ledger.RequireWhole(_progress, stages);
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    // The work is long and holds its thread, and the caller's may be one that paints a window.
    private Task RunAsync(Stage stage, CancellationToken cancellation) => Task.Run(() => _ledger.RunAsync(stage, _settings, _progress, cancellation), cancellation);

    private static Task Do(Action work)
    {
        work();
        return Task.CompletedTask;
    }

    private IEnumerable<QueryPassagePair> Sound(IEnumerable<QueryPassagePair> pairs) => _settings.Filter && File.Exists(_run.Filter) ? FilterFile.Keep(_run.Filter, pairs) : pairs;

    // What the trainer would refuse, with the settings that have left so few.
    private void RequireBatch(QueryPassagePair[] kept)
    {
        int batch = _settings.Training.BatchSize, examples = RankingExample.Of(kept.Where(pair => pair.HasBothTexts), _settings.Training.QueriesTogether).Length;
        if (!_settings.Filter || examples >= batch) return;
        throw new GenQException($"The filter has left {kept.Length} pairs of {kept.DistinctBy(pair => pair.Passage).Count()} passages, fewer than a batch of {batch}. Bring more documents, lower the batch size, or keep more queries.")
        {
            Where = _run.Filter,
            Expected = $"{batch} or more",
            Got = $"{examples}",
            Remedy = new Remedy.Change(_settings.FilterRank > 0 ? ("filter-rank", "0") : ("filter", "false"), ("training.batch-size", examples > 1 ? $"{examples}" : null)),
        };
    }

    private JudgedPairs Judged => JudgedPairs.Read(_run, _state.Passages);

    private void DiscardModel()
    {
        _progress.Say($"labelled/ has changed since the model was trained: it is trained anew");

        // The weights go first: without them there is no model, whatever else a kill may leave of it.
        foreach (string path in (string[])[Path.Combine(_run.Model, WeightFiles.SafeTensorsFile), _run.Model, _run.Checkpoints, _run.Kept]) Disk.Current.Delete(path);
    }

    private IEnumerable<QueryPassagePair> ReadPairs(Action<string, int>? skipped = null)
        => RunQueries.ReadPairs(_run, _settings.Seed, _ledger.Begun("generate", "count"), skipped);

    // A download shows how far it is, and stops when it is told to; later stages find the models in the cache.
    private async Task FetchModelsAsync(CancellationToken cancellation)
    {
        IProgress<DownloadProgress>? progress = _progress.Of<DownloadProgress>("downloading", p => (p.Bytes, p.TotalBytes, p.File));
        string?[] models = Writer is null ? [_settings.Base, _settings.Generator, _settings.Judge] : [_settings.Base];
        foreach (string model in models.OfType<string>())
            await ModelFolder.ResolveAsync(model, progress: progress, cancellation: cancellation).ConfigureAwait(false);
    }
}
