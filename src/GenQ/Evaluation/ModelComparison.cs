using System.Text.Json.Serialization;
using GenQ.Data;
using GenQ.Retrieval;
using GenQ.Text;

namespace GenQ.Evaluation;

/// <summary>Models side by side on one retrieval task.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Results">Each model's name and its figures, all over the same queries.</param>
public sealed record ModelComparison(string Task, IReadOnlyList<(string Model, RetrievalMetrics Metrics)> Results)
{
    /// <summary>What a unit of BM25 counted for beside every model; <see langword="null"/> where none was measured.</summary>
    [JsonIgnore]
    public float? WordsWeight { get; init; }

    /// <summary>Measures BM25, every model, and every model fused with BM25, which is what a search does by default.</summary>
    /// <param name="task">Queries, corpus and judgements.</param>
    /// <param name="models">The models, in the order of their rows.</param>
    /// <param name="analyzers">BM25 rows: name and analyzer; the first is the one that is fused.</param>
    /// <param name="asked">
    /// Queries without labels that tell how much words count beside every model. The first model is asked, since the others may have been trained on them;
    /// with none the default counts.
    /// </param>
    /// <param name="wordsWeight">How much words count, where that is known: nobody is asked then.</param>
    /// <param name="progress">Told of texts encoded.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="GenQException">A vector is not finite, or a file of vectors cannot be read or written.</exception>
    public static ModelComparison Run(
        RetrievalTask task,
        IReadOnlyList<ComparedModel> models,
        IReadOnlyList<(string Name, Analyzer Analyzer)> analyzers,
        IReadOnlyList<string> asked,
        float? wordsWeight = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        string[] queries = [.. task.Queries.Select(query => query.Text)], passages = [.. task.Corpus.Select(passage => passage.SearchText)];
        List<(string, RetrievalMetrics)> results = [];
        (Bm25Index Index, IReadOnlyList<Ranking> Rankings)? words = null;
        foreach ((string name, Analyzer analyzer) in analyzers)
        {
            Bm25Index bm25 = Bm25Index.Build(task.Corpus, analyzer);
            IReadOnlyList<Ranking> rankings = bm25.Search(queries, RetrievalEvaluator.Depth);
            words ??= (bm25, rankings);
            results.Add((name, RetrievalEvaluator.Evaluate(task, rankings)));
        }

        foreach (ComparedModel compared in models)
        {
            using ISentenceEncoder model = compared.Load();
            using TemporaryFolder? temporary = compared.Index is null ? new TemporaryFolder() : null;
            string file = compared.Index ?? Path.Combine(temporary!.Path, "vectors");
            bool isThere = PassageIndex.IsWhole(file, model: null, passages.Length);
            int encoded = isThere ? 0 : passages.Length, total = encoded + queries.Length;
            IProgress<int> From(int start) => new SynchronousProgress<int>(done => progress?.Report(new("encoding with " + compared.Name, start + done, total, "")));
            if (!isThere) IndexParts.Write(file, compared.Name, model, passages, From(0), cancellation);
            using PassageIndex index = PassageIndex.Open(file);
            ReadOnlyMemory<float>[] embeddings = [.. model.EncodeQueries(queries, From(encoded), cancellation).Select(query => (ReadOnlyMemory<float>)query)];
            IReadOnlyList<Ranking> rankings = index.Search(embeddings, RetrievalEvaluator.Depth);
            results.Add((compared.Name, RetrievalEvaluator.Evaluate(task, rankings)));
            (Bm25Index Index, IReadOnlyList<Ranking> Rankings)? own = compared.Words is { } other ? (other, other.Search(queries, RetrievalEvaluator.Depth)) : words;
            if (own is { } found)
            {
                wordsWeight ??= RunIndex.WordsWeightOf(words!.Value.Index, index, model, asked);
                HybridSearcher both = new(found.Index, index, wordsWeight.Value);
                results.Add((compared.Hybrid, RetrievalEvaluator.Evaluate(
                    task, both.Fuse(queries, embeddings, found.Rankings, rankings, RetrievalEvaluator.Depth))));
            }
        }

        return new ModelComparison(task.Name, results) { WordsWeight = wordsWeight };
    }

    /// <summary>What the row of a model fused with BM25 is called, where <see cref="ComparedModel.Hybrid"/> says nothing else.</summary>
    public static string Hybrid(string model) => $"hybrid({model})";

    /// <summary>The figures of one model.</summary>
    public RetrievalMetrics this[string model] => Results.First(result => result.Model == model).Metrics;

    /// <summary>Computes nDCG@10 of <paramref name="second"/> minus that of <paramref name="first"/>, with its 95 % interval.</summary>
    public BootstrapInterval Difference(string first, string second) => PairedBootstrap.Difference(
        [.. this[first].Queries.Select(query => query.Ndcg10)], [.. this[second].Queries.Select(query => query.Ndcg10)]);

    // An index is a file so that it can be larger than the memory. Where none is asked for, it goes with its model.
    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("genq-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
