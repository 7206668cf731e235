using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;
using GenQ.Text;

namespace GenQ.Evaluation;

/// <summary>Measures a run: BM25, base and adapted, each also with BM25, on its labelled queries or on those of the held-out passages.</summary>
internal sealed class RunEvaluation(RunFolder run, GenQSettings settings, RunState state)
{
    private readonly Lazy<IReadOnlyList<(string Kind, RetrievalTask Task)>> _tasks = new(() => MeasuredTasks.Of(run, settings, state.Passages));

    /// <summary>What decides the figures, by name.</summary>
    /// <exception cref="GenQException">There are no queries to measure on.</exception>
    public Dictionary<string, string> Identity => new()
    {
        ["model"] = state.HashOf(run.Model),
        ["base"] = state.HashOf(settings.Base),
        ["corpus"] = Fingerprint.OfTexts([.. _tasks.Value[0].Task.Corpus.Select(passage => passage.SearchText)]),
        ["precision"] = settings.PrecisionInUse,
    };

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
        IReadOnlyList<(string Kind, RetrievalTask Task)> tasks = _tasks.Value;
        float? wordsWeight = null;
        string[] texts = [.. state.Passages.Select(passage => passage.SearchText)];
        RunReport report = RunReport.Of([.. tasks.Select(task => Compare(task.Kind, task.Task))], settings.PrecisionInUse) with { Kept = KeptModel.Read(run) };
        if (JudgedQueries.Labelled(run, state.Passages) is { } labelled)
        {
            progress.Say($"labelled/: measuring on the {labelled.Queries.Count:N0} queries that people have labelled, too");
            report = report with { Labelled = RunReport.Of([Compare(MeasuredKind.Labelled, labelled)], settings.PrecisionInUse) };
            EvaluatedQuery.Write(run.ReportLabelledQueries, EvaluatedQuery.Of(labelled, report.Labelled.Comparison));
        }

        EvaluatedQuery.Write(run.ReportQueries, EvaluatedQuery.Of(tasks[0].Task, report.Comparison));
        report.Save(run.Report);
        Discard();
        return report;

        MeasuredKind Compare(string kind, RetrievalTask task)
        {
            bool isOwnCorpus = task.Corpus.Select(passage => passage.SearchText).SequenceEqual(texts), isTakenOut = kind is MeasuredKind.Sentences or MeasuredKind.Headings;
            Analyzer analyzer = EnglishText.AnalyzerFor(task.Corpus);
            ModelComparison comparison = ModelComparison.Run(
                task,
                [
                    Searched("base", settings.Base, isOwnCorpus || isTakenOut ? baseVectors.Make(options, progress, cancellation) : Vectors("base")),
                    Searched("adapted", run.Model, isIndexed && (isOwnCorpus || isTakenOut) ? run.Index : Vectors("adapted")) with
                    {
                        Hybrid = RunReport.Hybrid,
                        Words = isOwnCorpus && queries.Count > 0 && kind == MeasuredKind.Labelled ? Bm25Index.Build(task.Corpus, analyzer, queries) : null,
                    },
                ],
                [("bm25", analyzer)],
                isOwnCorpus || isTakenOut ? AskedQueries.Of(run) : [],
                isTakenOut ? wordsWeight : null,
                progress,
                cancellation);

            // Sentences and headings are searched as the run is: their corpus is its own, but for what was taken out.
            wordsWeight ??= comparison.WordsWeight;
            return new MeasuredKind(kind, comparison);

            // Only passages that something was taken out of are encoded; the vectors of the others are there, since the main kind was measured before.
            ComparedModel Searched(string name, string model, string vectors) => isTakenOut
                ? new ComparedModel(name, () => new KnownVectors(new RememberingEncoder(model, options, state), PassageIndex.Open(vectors), texts))
                : new ComparedModel(name, () => new RememberingEncoder(model, options, state), vectors);
        }
    }

    private string Vectors(string model) => Path.Combine(run.EvaluationVectors, $"{model}.vectors");
}
