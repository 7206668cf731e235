namespace GenQ.Data;

/// <summary>The files of a run, in one place. Every stage reads some of them and writes others.</summary>
/// <param name="Path">The folder.</param>
public sealed record RunFolder(string Path)
{
    /// <summary>What each stage depends on, and what it was run with.</summary>
    public string Settings => Under("genq.json");

    /// <summary>The passages, in BEIR's corpus layout.</summary>
    public string Passages => Under("passages.jsonl");

    /// <summary>Files that were not read, with the reason.</summary>
    public string Skipped => Under("skipped.jsonl");

    /// <summary>The generated pairs: see <see cref="PairFiles"/>.</summary>
    public string Pairs => Under("pairs");

    /// <summary>The generated pairs of passages that have none to train on: their queries are for the words index alone.</summary>
    public string IndexPairs => Under("index-pairs");

    /// <summary>What the language model that wrote the queries was asked, and what came of it; a T5 has none.</summary>
    public string Writer => Under("writer.json");

    /// <summary>Which passages are held out, and why these: written before anything is generated.</summary>
    public string HoldOut => Under("heldout", "holdout.json");

    /// <summary>Evaluation queries of the held-out passages, in BEIR's layout over <see cref="Passages"/>.</summary>
    public string HeldOut => Under("heldout");

    /// <summary>The generated pairs of the held-out passages, of which <see cref="HeldOut"/>'s queries are chosen.</summary>
    public string HeldOutPairs => Under("heldout", "pairs");

    /// <summary>The queries file of <see cref="HeldOut"/>.</summary>
    public string HeldOutQueries => Under("heldout", "queries.jsonl");

    /// <summary>Per pair: kept, or the reason it was dropped.</summary>
    public string Filter => Under("filter.jsonl");

    /// <summary>How many pairs each reason dropped, with examples.</summary>
    public string FilterSummary => Under("filter-summary.json");

    /// <summary>The passages' vectors of the base: the filter and the evaluation measure with them, and who searches sees what the base would have found.</summary>
    public string BaseVectors => Under("base-vectors");

    /// <summary>The adapted bi-encoder: a sentence-transformers folder.</summary>
    public string Model => Under("model");

    /// <summary>What was kept of the training, and why.</summary>
    public string Kept => Under("kept.json");

    /// <summary>The card of <see cref="Model"/>, for people.</summary>
    internal string ModelCard => Under("model", "README.md");

    /// <summary>The adapted bi-encoder as ONNX: searching and encoding need no torch where it is.</summary>
    public string Onnx => Under("onnx");

    /// <summary>One line per step of the training.</summary>
    public string TrainingLog => Under("training.jsonl");

    /// <summary>What an interrupted training goes on from; gone when it is finished.</summary>
    public string Checkpoints => Under("checkpoints");

    /// <summary>The folder of both indexes.</summary>
    public string IndexFolder => Under("index");

    /// <summary>The vectors of <see cref="Passages"/>.</summary>
    public string Index => Under("index", "passages.vectors");

    /// <summary>The BM25 index of <see cref="Passages"/>.</summary>
    public string WordIndex => Under("index", "passages.bm25");

    /// <summary>How both indexes are searched together.</summary>
    public string Fusion => Under("index", "fusion.json");

    /// <summary>The folder of the report.</summary>
    internal string ReportFolder => Under("report");

    /// <summary>Figures and verdict.</summary>
    public string Report => Under("report", "report.json");

    /// <summary>How each measured query was answered.</summary>
    public string ReportQueries => Under("report", "queries.jsonl");

    /// <summary>The same of the user's own labelled queries, where a run is measured on them besides.</summary>
    public string ReportLabelledQueries => Under("report", "labelled-queries.jsonl");

    /// <summary>The report as a page for people; its charts lie beside it.</summary>
    public string ReportPage => Under("report", "report.html");

    /// <summary>What an interrupted evaluation goes on from; gone when it is finished.</summary>
    public string EvaluationVectors => Under("report", "vectors");

    /// <summary>What people have judged: see <see cref="Judgements"/>. The only folder of a run that they write, and that no stage does.</summary>
    public string Labelled => Under("labelled");

    /// <summary>What a process holds that works on the run, so that no other does: see <see cref="RunLock"/>.</summary>
    public string Lock => Under("genq.lock");

    /// <summary>Whether a file is one that the run itself writes: documents may lie in its folder too.</summary>
    public bool Owns(string file)
    {
        string[] below = System.IO.Path.GetRelativePath(System.IO.Path.GetFullPath(Path), System.IO.Path.GetFullPath(file))
            .Split(System.IO.Path.DirectorySeparatorChar);
        IEnumerable<string> own = [Settings, Lock, Labelled, .. StageFile.Of(this).Select(owned => owned.Path)];
        return own.Any(path => System.IO.Path.GetRelativePath(Path, path).Split(System.IO.Path.DirectorySeparatorChar)[0] == below[0]);
    }

    private string Under(params string[] names) => System.IO.Path.Combine([Path, .. names]);
}
