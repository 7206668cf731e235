using System.Globalization;
using System.Text.Json;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Documents;
using GenQ.Evaluation;
using GenQ.Filtering;
using GenQ.Generation;
using GenQ.Models;
using GenQ.Retrieval;
using GenQ.Training;

namespace GenQ;

/// <summary>
/// The method on one page: documents → passages → queries → pairs → kept pairs → bi-encoder → index → did it help?
/// Every stage reads files of the run folder and writes others; a stage whose output is there is not run again, so a run
/// that was interrupted goes on where it was.
/// </summary>
public sealed class GenQPipeline
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

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
        _run = new RunFolder(folder);
        _ledger = new RunLedger(_run.Settings);
        _progress = progress;
        settings?.Validate();
        if (settings is not null) _ledger.Settings = settings;
        _settings = settings ?? _ledger.Settings;
    }

    /// <summary>Runs every stage whose output is missing.</summary>
    /// <exception cref="GenQException">A stage cannot do its work; the message says what to mend.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the same call goes on from there.</exception>
    public async Task<RunReport> RunAsync(CancellationToken cancellation = default)
    {
        await MakePassagesAsync(cancellation);
        GenerateQueries(cancellation);
        FilterPairs();
        TrainEncoder(cancellation);
        IndexPassages(cancellation);
        return Evaluate(cancellation);
    }

    /// <summary>Documents → passages.jsonl and skipped.jsonl.</summary>
    public async Task MakePassagesAsync(CancellationToken cancellation = default)
    {
        _ledger.Begin("passages", new Dictionary<string, string>
        {
            ["documents"] = string.Join(", ", _settings.Documents),
            ["squad"] = _settings.Squad ?? "",
            ["beir"] = _settings.Beir ?? "",
            ["base"] = Fingerprint.OfModel(ModelFolder.Resolve(_settings.Base)),
        });
        if (File.Exists(_run.Passages)) return;
        List<Passage> passages = [];
        if (_settings.Squad is not null) passages.AddRange(SquadFile.ReadPassages(_settings.Squad));
        else if (_settings.Beir is not null) passages.AddRange(PassageFile.Read(Path.Combine(_settings.Beir, "corpus.jsonl")));
        else await ReadDocumentsAsync(passages, cancellation);
        if (passages.Count == 0) throw new GenQException("The documents hold no text that could become a passage.");
        PassageFile.Write(_run.Passages, passages);
        Say($"{passages.Count:N0} passages of {passages.Average(p => p.SearchText.Count(char.IsWhiteSpace) + 1):0} words on average");
    }

    /// <summary>Passages → pairs/, and evaluation queries of held-out passages → heldout/.</summary>
    public void GenerateQueries(CancellationToken cancellation = default)
    {
        Passage[] passages = ReadPassages();
        string generatorFolder = ModelFolder.Resolve(_settings.Generator);
        _ledger.Begin("generate", new Dictionary<string, string>
        {
            ["passages"] = Fingerprint.OfFile(_run.Passages),
            ["generator"] = Fingerprint.OfModel(generatorFolder),
            ["held-out share"] = Text(_settings.HeldOutShare),
            ["decoding"] = JsonSerializer.Serialize(_settings.Decoding with { BatchSize = 1 }),
            ["precision"] = PrecisionInUse,
        });
        HoldOut heldOut = ChooseHoldOut(passages);
        Passage[] training = [.. passages.ExceptBy(heldOut.Passages, passage => passage.Id)];
        Passage[] evaluation = [.. passages.IntersectBy(heldOut.Passages, passage => passage.Id)];
        int pairs = training.Length * _settings.Decoding.Count;
        int files = (pairs + PairFiles.PairsPerFile - 1) / PairFiles.PairsPerFile;
        if (PairFiles.FirstMissing(_run.Pairs) == files && (evaluation.Length == 0 || File.Exists(_run.HeldOutQueries))) return;

        Say(heldOut.Sentence);
        WarnOfForeignText(passages);
        using QueryGenerator generator = QueryGenerator.Load(generatorFolder, _settings.Decoding, _settings.Precision);
        if (evaluation.Length > 0 && !File.Exists(_run.HeldOutQueries)) WriteEvaluationQueries(generator, evaluation, cancellation);
        generator.Generate(
            training,
            _run.Pairs,
            new Relay<GenerationProgress>(p => _progress?.Report(new("writing queries", p.Queries, p.Total, $"\"{p.Sample}\""))),
            cancellation);
        Say($"{pairs:N0} queries in {files:N0} files");
    }

    /// <summary>Pairs → filter.jsonl and filter-summary.json: which of them are trained on.</summary>
    public void FilterPairs()
    {
        if (!_settings.Filter || File.Exists(_run.FilterSummary)) return;
        List<(QueryPassagePair Pair, PairVerdict Verdict)> judged = [];
        List<QueryPassagePair> pairs = [.. PairFiles.Read(_run.Pairs)];
        judged.AddRange(pairs.Zip(PairFilter.Judge(pairs)));
        AtomicFile.WriteText(_run.Filter, writer =>
        {
            foreach ((int i, (_, PairVerdict verdict)) in judged.Index()) writer.WriteLine(JsonSerializer.Serialize(new { pair = i, verdict = verdict.ToString() }));
        });
        var summary = judged.GroupBy(j => j.Verdict).OrderBy(group => group.Key).Select(
            group => new { Verdict = group.Key.ToString(), Pairs = group.Count(), Examples = group.Take(3).Select(j => j.Pair.Query).ToArray() }).ToArray();
        AtomicFile.WriteText(_run.FilterSummary, writer => writer.WriteLine(JsonSerializer.Serialize(summary, Json)));
        foreach (var group in summary)
        {
            string examples = group.Verdict == nameof(PairVerdict.Empty) ? "" : $", as in \"{string.Join("\", \"", group.Examples)}\"";
            Say($"filter: {group.Pairs:N0} of {judged.Count:N0} pairs {group.Verdict}{examples}");
        }
    }

    /// <summary>Kept pairs → model/.</summary>
    public void TrainEncoder(CancellationToken cancellation = default)
    {
        string baseFolder = ModelFolder.Resolve(_settings.Base);
        _ledger.Begin("train", new Dictionary<string, string>
        {
            ["base"] = Fingerprint.OfModel(baseFolder),
            ["filter"] = _settings.Filter ? "on" : "off",
            ["training"] = JsonSerializer.Serialize(_settings.Training with { CheckpointEvery = 1, Precision = Precision.Auto }),
            ["precision"] = PrecisionInUse,
        });
        if (File.Exists(Path.Combine(_run.Model, "model.safetensors"))) return;
        QueryPassagePair[] pairs = [.. PairFiles.Read(_run.Pairs, (file, line) => Say($"{file}, line {line}: not 'query<TAB>passage', skipped"))];
        if (_settings.Filter) pairs = [.. pairs.Zip(PairFilter.Judge(pairs)).Where(p => p.Second == PairVerdict.Kept).Select(p => p.First)];
        TrainingSummary summary = new BiEncoderTrainer(_settings.Training with { Precision = _settings.Precision }).Train(
            baseFolder,
            pairs,
            _run.Path,
            new ModelCard
            {
                Name = Path.GetFileName(Path.GetFullPath(_run.Path)),
                BaseModel = Path.GetFileName(Path.TrimEndingDirectorySeparator(_settings.Base)),
                Data = $"{pairs.Length:N0} generated queries for {ReadPassages().Length:N0} passages.",
            },
            new Relay<TrainingStep>(step => _progress?.Report(new(
                "training",
                step.Step,
                step.Steps,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"loss {step.Loss:0.000}, rate {step.LearningRate:0.0e0}, gradient {step.GradientNorm:0.0}, {step.PairsPerSecond:0} pairs/s")))),
            cancellation);
        Say($"trained {summary.Steps:N0} steps, {summary.WarmupSteps:N0} of them warm-up; {summary.EmptyPairs:N0} pairs were empty, {summary.UnusedPairs:N0} fitted in no batch");
    }

    /// <summary>Passages and model → index/.</summary>
    public void IndexPassages(CancellationToken cancellation = default)
    {
        string model = Fingerprint.OfModel(_run.Model);
        _ledger.Begin("index", new Dictionary<string, string> { ["model"] = model, ["passages"] = Fingerprint.OfFile(_run.Passages) });
        if (File.Exists(_run.Index) && File.Exists(_run.WordIndex)) return;
        Passage[] passages = ReadPassages();
        Bm25Index.Build(passages, AnalyzerFor(passages)).Save(_run.WordIndex);
        using BiEncoder encoder = BiEncoder.Load(_run.Model, new BiEncoderOptions { Precision = _settings.Precision });
        float[][] vectors = encoder.EncodePassages(
            [.. passages.Select(passage => passage.SearchText)],
            new Relay<int>(done => _progress?.Report(new("indexing", done, passages.Length, ""))),
            cancellation);
        PassageIndex.Write(_run.Index, model, encoder.Dimensions, vectors.Select(vector => (ReadOnlyMemory<float>)vector));
    }

    /// <summary>Base, BM25, adapted and hybrid on the held-out or the labelled queries → report/report.json.</summary>
    public RunReport Evaluate(CancellationToken cancellation = default)
    {
        RetrievalTask task = _settings.LabelledTask is { } labelled
            ? BeirFolder.Read(labelled)
            : File.Exists(_run.HeldOutQueries)
                ? BeirFolder.Read(_run.HeldOut, corpus: _run.Passages)
                : throw new GenQException("There is nothing to measure on: hold documents out (--holdout 0.1) or give labelled queries (--labelled FOLDER).");
        BiEncoderOptions options = new() { Precision = _settings.Precision };
        ModelComparison comparison = ModelComparison.Run(
            task,
            [("base", () => BiEncoder.Load(_settings.Base, options)), ("adapted", () => BiEncoder.Load(_run.Model, options))],
            name => name == "adapted" ? "hybrid" : null,
            [("bm25", AnalyzerFor(task.Corpus))],
            _progress,
            cancellation);
        BootstrapInterval difference = comparison.Difference("base", "adapted");
        bool isGenerated = _settings.LabelledTask is null;
        RunReport report = new(
            comparison, PrecisionInUse, isGenerated, difference, Verdict.Of(difference, comparison["base"].Queries.Count, isGenerated));
        AtomicFile.WriteText(_run.Report, writer => writer.WriteLine(report.ToJson().ToJsonString(Json)));
        return report;
    }

    private async Task ReadDocumentsAsync(List<Passage> passages, CancellationToken cancellation)
    {
        using BiEncoder encoder = BiEncoder.Load(_settings.Base, new BiEncoderOptions { Precision = Precision.Fp32 });
        int frame = encoder.CountTokens("");
        PassageSplitter splitter = new(new PassageSplitterOptions
        {
            CountTokens = text => encoder.CountTokens(text) - frame,
            MaxTokens = encoder.MaxSequenceLength - frame,
        });
        DistinctPassages distinct = new();
        List<SkippedFile> skipped = [];
        passages.AddRange(_settings.Documents.Where(IsCorpus).SelectMany(PassageFile.Read));
        int files = 0;

        // A source is a path below the common folder of its group: an assembly's documentation is named alike on every machine.
        ILookup<bool, string> groups = _settings.Documents.Where(input => !IsCorpus(input)).ToLookup(ReferencePacks.Names);
        foreach (IGrouping<bool, string> group in groups)
        {
            await foreach (LoadedFile file in new DocumentLoader().LoadAsync(group.SelectMany(ReferencePacks.Expand), cancellation))
            {
                files++;
                if (file.Skipped is not null) skipped.Add(file.Skipped);
                passages.AddRange(file.Documents.SelectMany(splitter.Split).Where(distinct.Add));
                if (files % 50 == 0) Say($"read {files:N0} files, {passages.Count:N0} passages");
            }
        }

        AtomicFile.WriteText(_run.Skipped, writer =>
        {
            foreach (SkippedFile file in skipped) writer.WriteLine(JsonSerializer.Serialize(new { source = file.Source, reason = file.Reason }));
        });
        Say($"{files - skipped.Count:N0} files read, {skipped.Count:N0} skipped (see skipped.jsonl), {distinct.Duplicates:N0} passages occurred twice");
    }

    private static bool IsCorpus(string path)
        => path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".jsonl.gz", StringComparison.OrdinalIgnoreCase);

    private HoldOut ChooseHoldOut(Passage[] passages)
    {
        if (File.Exists(_run.HoldOut)) return JsonSerializer.Deserialize<HoldOut>(File.ReadAllText(_run.HoldOut), Json)!;
        HoldOut heldOut = HoldOut.Choose(passages, _settings.HeldOutShare, _settings.Decoding.Seed);
        AtomicFile.WriteText(_run.HoldOut, writer => writer.WriteLine(JsonSerializer.Serialize(heldOut, Json)));
        return heldOut;
    }

    private void WriteEvaluationQueries(QueryGenerator generator, Passage[] passages, CancellationToken cancellation)
    {
        List<RetrievalQuery> queries = [];
        Dictionary<string, IReadOnlyDictionary<string, int>> relevant = [];
        foreach (Passage[] part in passages.Chunk(64))
        {
            IReadOnlyList<GeneratedText[]> written = generator.Generate(part, cancellation);
            foreach ((Passage passage, GeneratedText[] texts) in part.Zip(written))
            {
                QueryPassagePair[] pairs = [.. texts.Select(text => new QueryPassagePair(text.Text, passage.SearchText))];
                foreach ((int sample, PairVerdict verdict) in PairFilter.Judge(pairs).Index())
                {
                    if (verdict != PairVerdict.Kept) continue;
                    RetrievalQuery query = new($"{passage.Id}?{sample}", pairs[sample].Query);
                    queries.Add(query);
                    relevant[query.Id] = new Dictionary<string, int> { [passage.Id] = 1 };
                }
            }

            _progress?.Report(new("writing evaluation queries", queries.Count, passages.Length * _settings.Decoding.Count, $"\"{queries.LastOrDefault()?.Text}\""));
        }

        // The judgements first: the queries file is the sign that both are there.
        BeirFolder.WriteQueries(_run.HeldOut, queries, relevant);
    }

    private void WarnOfForeignText(Passage[] passages)
    {
        double share = EnglishText.Share(passages);
        if (share >= EnglishText.LowestShare) return;
        Say($"WARNING: only {share:0 %} of the words are common English words. The mini models, and the published ones, speak English alone: their queries would be of little use. "
            + "Take models of the language with --generator and --base (for example an mT5 trained to write queries).");
    }

    private static Analyzer AnalyzerFor(IReadOnlyList<Passage> passages)
        => EnglishText.Share(passages) >= EnglishText.LowestShare ? Analyzer.English : Analyzer.Plain;

    private Passage[] ReadPassages() => File.Exists(_run.Passages)
        ? [.. PassageFile.Read(_run.Passages)]
        : throw new GenQException($"'{_run.Path}' has no passages yet: run 'genq passages DOCS -o {_run.Path}' first.");

    private string PrecisionInUse => CpuFeatures.Current.Resolve(_settings.Precision).ToString().ToLowerInvariant();

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private void Say(FormattableString text) => _progress?.Report(new("", 0, 0, text.ToString(CultureInfo.InvariantCulture)));

    private void Say(string text) => _progress?.Report(new("", 0, 0, text));
}
