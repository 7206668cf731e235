using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;

namespace GenQ.Evaluation;

/// <summary>A glance at a model that is being trained: some queries of the passages that are set aside, asked of some hundred passages.</summary>
internal sealed class HeldOutLook(RunFolder run, GenQSettings settings, RunState state, CancellationToken cancellation)
{
    /// <summary>The most passages that are read at a look: enough to see a model get worse, and read in seconds.</summary>
    public const int MostPassages = 150;

    private const int MostQueries = 60;

    private readonly Lazy<(Passage[] Passages, IReadOnlyList<(string Kind, RetrievalTask Task)> Tasks)> _sample = new(
        () => MeasuredTasks.Sample(run, settings, state.Passages, MostPassages, MostQueries));

    /// <summary>Whether there are queries to look with; labelled ones measure, and choose nothing.</summary>
    public bool CanLook => settings.LabelledTask is null && File.Exists(run.HeldOutQueries);

    /// <summary>Computes nDCG@10 in the default search, the mean of the kinds of queries.</summary>
    /// <param name="model">The model's folder; the vectors are written into it.</param>
    public double Of(string model)
    {
        BiEncoderOptions options = new() { Precision = settings.Precision };
        string[] searched = [.. _sample.Value.Passages.Select(passage => passage.SearchText)];
        string vectors = Path.Combine(model, "passages.vectors");
        using (BiEncoder encoder = BiEncoder.Load(model, options)) IndexParts.Write(vectors, "looked at", encoder, searched, progress: null, cancellation);
        ComparedModel looked = new("model", () => new KnownVectors(BiEncoder.Load(model, options), PassageIndex.Open(vectors), searched)) { Hybrid = RunReport.Hybrid };
        return _sample.Value.Tasks.Average(task => ModelComparison
            .Run(task.Task, [looked], [("bm25", EnglishText.AnalyzerFor(task.Task.Corpus))], asked: [], wordsWeight: null, progress: null, cancellation)[RunReport.Hybrid]
            .Queries.Average(query => query.Ndcg10));
    }
}
