using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Retrieval;

namespace GenQ.Evaluation;

/// <summary>What a run ends with: the table, and whether adaptation helped.</summary>
/// <param name="Kinds">What was measured on each kind of queries, the main one first.</param>
/// <param name="Precision">The precision that was computed in.</param>
/// <param name="Verdict">What that shows.</param>
public sealed record RunReport(IReadOnlyList<MeasuredKind> Kinds, string Precision, Verdict Verdict)
{
    /// <summary>The row of the adapted model and BM25 together: what a search of the run does by default.</summary>
    internal const string Hybrid = "hybrid";

    /// <summary>The names of the two differences in report.json: searched by meaning alone, and with BM25.</summary>
    internal const string DifferenceName = "adapted - base", HybridDifferenceName = "hybrid - hybrid(base)";

    /// <summary>BM25, base and adapted, each also fused with BM25, on the main kind of queries.</summary>
    public ModelComparison Comparison => Kinds[0].Comparison;

    /// <summary>Whether the main queries were generated; else they were labelled by people.</summary>
    public bool IsGenerated => Kinds[0].Name == MeasuredKind.Generated;

    /// <summary>nDCG@10 on the main kind of queries, adapted minus base, with its 95 % interval.</summary>
    public BootstrapInterval Difference => Kinds[0].DifferenceByMeaning;

    /// <summary>The same where both are fused with BM25, as a search does by default.</summary>
    public BootstrapInterval HybridDifference => Kinds[0].DifferenceByDefault;

    /// <summary>The same on the queries that people have labelled in this run; <see langword="null"/> where there are none. It decides nothing.</summary>
    public RunReport? Labelled { get; init; }

    /// <summary>What was kept of the training; <see langword="null"/> where nothing was chosen.</summary>
    public KeptModel? Kept { get; init; }

    /// <summary>Draws the conclusion of comparisons of "base" and "adapted".</summary>
    /// <param name="kinds">At least one; each has rows of these names, "hybrid(base)" and "hybrid".</param>
    /// <param name="precision">The precision that was computed in.</param>
    public static RunReport Of(IReadOnlyList<MeasuredKind> kinds, string precision)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        PooledDifference pooled = PooledDifference.Of(kinds);
        return new RunReport(kinds, precision, Verdict.Of(kinds, pooled)) { Pooled = pooled };
    }

    private PooledDifference Pooled { get => field ??= PooledDifference.Of(Kinds); init; }

    /// <summary>Writes report.json.</summary>
    public void Save(string path) => AtomicFile.WriteText(path, writer => writer.WriteLine(ToJson().ToJsonString(IndentedJson.Options)));

    /// <summary>The report as scripts read it.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = ToJson(Comparison, Precision, [(DifferenceName, Difference), (HybridDifferenceName, HybridDifference)]);
        json["kind"] = IsGenerated ? MeasuredKind.Generated : MeasuredKind.Labelled;
        json["kinds"] = new JsonArray([.. Kinds.Select(kind =>
        {
            JsonObject measured = ToJson(kind.Comparison, Precision, [(DifferenceName, kind.DifferenceByMeaning), (HybridDifferenceName, kind.DifferenceByDefault)]);
            measured["kind"] = kind.Name;
            return measured;
        })]);
        json["default"] = ToJson(Pooled.ByDefault);
        json["p"] = Math.Round(Pooled.P, 6);
        json["verdict"] = Verdict.Word;
        json["sentence"] = Verdict.Sentence;
        if (Kept is not null) json["kept"] = Kept.InWords;
        if (Labelled is not null) json["labelled"] = Labelled.ToJson();
        return json;
    }

    /// <summary>A comparison as scripts read it.</summary>
    public static JsonObject ToJson(ModelComparison comparison, string precision, IEnumerable<(string Name, BootstrapInterval Interval)> differences) => new()
    {
        ["task"] = comparison.Task,
        ["queries"] = comparison.Results[0].Metrics.Queries.Count,
        ["precision"] = precision,
        ["results"] = new JsonArray([.. comparison.Results.Select(result => new JsonObject
        {
            ["model"] = result.Model,
            ["ndcg@10"] = Math.Round(result.Metrics.Ndcg10, 6),
            ["mrr@10"] = Math.Round(result.Metrics.Mrr10, 6),
            ["recall@10"] = Math.Round(result.Metrics.Recall10, 6),
            ["recall@100"] = Math.Round(result.Metrics.Recall100, 6),
        })]),
        ["difference"] = new JsonObject(differences.Select(difference => KeyValuePair.Create(
            difference.Name,
            (JsonNode?)ToJson(difference.Interval)))),
    };

    private static JsonArray ToJson(BootstrapInterval interval) => new(Math.Round(interval.Low, 6), Math.Round(interval.Mean, 6), Math.Round(interval.High, 6));
}
