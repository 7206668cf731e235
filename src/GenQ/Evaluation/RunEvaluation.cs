using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;
using GenQ.Text;

namespace GenQ.Evaluation;

/// <summary>Measures a run: BM25, base and adapted, each also with BM25, on its labelled queries or on those of the held-out passages.</summary>
internal sealed class RunEvaluation(RunFolder run, GenQSettings settings, RunState state)
{
    private readonly Lazy<RetrievalTask> _task = new(() => settings.LabelledTask is { } labelled
        ? BeirFolder.Read(labelled)
        : File.Exists(run.HeldOutQueries) ? JudgedQueries.WithoutRejected(run, BeirFolder.Read(run.HeldOut, corpus: run.Passages)) : throw NothingToMeasure());

    /// <summary>What decides the figures, by name.</summary>
    /// <exception cref="GenQException">There are no queries to measure on.</exception>
    public Dictionary<string, string> Identity => new()
    {
        ["model"] = state.HashOf(run.Model),
        ["base"] = state.HashOf(settings.Base),
        ["corpus"] = Fingerprint.OfTexts([.. _task.Value.Corpus.Select(passage => passage.SearchText)]),
        ["precision"] = settings.PrecisionInUse,
    };

    /// <summary>Refuses a run whose queries are not there, or of which there will be none: before hours of work, not after them.</summary>
    /// <exception cref="GenQException">There is nothing to measure on.</exception>
    public static void RequireQueries(GenQSettings settings)
    {
        if (settings.LabelledTask is { } labelled) BeirFolder.Read(labelled);
        else if (settings.HeldOutShare == 0) throw NothingToMeasure();
    }

    /// <summary>Takes vectors away that an interrupted measurement has left.</summary>
    public void Discard() => Disk.Current.Delete(run.EvaluationVectors);

    /// <summary>Measures, and writes queries.jsonl and report.json.</summary>
    /// <param name="queries">
    /// The queries that the run's words index reads, by the place of their passage. Labelled queries are searched with them; generated ones are not,
    /// because the same generator wrote both and finds its own words again.
    /// </param>
    /// <param name="isIndexed">Whether index/ is of today's model and passages: whoever searches the run searches it, so it is what is measured.</param>
    /// <param name="baseVectors">The base's vectors of the run's passages.</param>
    /// <param name="progress">Told of texts encoded.</param>
    /// <param name="cancellation">Stops between batches; the next measurement goes on behind what is encoded.</param>
    public RunReport Measure(ILookup<int, string> queries, bool isIndexed, BaseVectors baseVectors, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        BiEncoderOptions options = new() { Precision = settings.Precision };
        RunReport report = RunReport.Of(Compare(_task.Value), settings.PrecisionInUse, isGenerated: settings.LabelledTask is null);
        if (JudgedQueries.Labelled(run, state.Passages) is { } labelled)
        {
            progress.Say($"labelled/: measuring on the {labelled.Queries.Count:N0} queries that people have labelled, too");
            report = report with { Labelled = RunReport.Of(Compare(labelled), settings.PrecisionInUse, isGenerated: false) };
            EvaluatedQuery.Write(run.ReportLabelledQueries, EvaluatedQuery.Of(labelled, report.Labelled.Comparison));
        }

        EvaluatedQuery.Write(run.ReportQueries, EvaluatedQuery.Of(_task.Value, report.Comparison));
        report.Save(run.Report);
        Discard();
        return report;

        ModelComparison Compare(RetrievalTask task)
        {
            bool isOwnCorpus = task.Corpus.Select(passage => passage.SearchText).SequenceEqual(state.Passages.Select(passage => passage.SearchText));
            bool isByPeople = task != _task.Value || settings.LabelledTask is not null;
            Analyzer analyzer = EnglishText.AnalyzerFor(task.Corpus);
            return ModelComparison.Run(
                task,
                [
                    new("base", () => BiEncoder.Load(settings.Base, options), isOwnCorpus ? baseVectors.Make(options, progress, cancellation) : Vectors("base")),
                    new("adapted", () => BiEncoder.Load(run.Model, options), isOwnCorpus && isIndexed ? run.Index : Vectors("adapted"))
                    {
                        Hybrid = RunReport.Hybrid,
                        Words = isOwnCorpus && queries.Count > 0 && isByPeople ? Bm25Index.Build(task.Corpus, analyzer, queries) : null,
                    },
                ],
                [("bm25", analyzer)],
                isOwnCorpus ? AskedQueries.Of(run) : [],
                progress,
                cancellation);
        }
    }

    private string Vectors(string model) => Path.Combine(run.EvaluationVectors, $"{model}.vectors");

    private static GenQException NothingToMeasure() => new(
        "There is nothing to measure on: hold documents out, or give labelled queries. To adapt without measuring, run the stages by themselves up to the index.")
    {
        Remedy = new Remedy.Change(("holdout", "0.1"), ("labelled", null)),
    };
}
