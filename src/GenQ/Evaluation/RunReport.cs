using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Retrieval;

namespace GenQ.Evaluation;

/// <summary>What a run ends with: the table, and whether adaptation helped.</summary>
/// <param name="Comparison">BM25, base and adapted, each also fused with BM25, on the same queries.</param>
/// <param name="Precision">The precision that was computed in.</param>
/// <param name="IsGenerated">Whether the queries were generated; else they were labelled by people.</param>
/// <param name="Difference">nDCG@10, adapted minus base, with its 95 % interval.</param>
/// <param name="HybridDifference">The same where both are fused with BM25, as a search does by default.</param>
/// <param name="Verdict">What that shows.</param>
public sealed record RunReport(ModelComparison Comparison, string Precision, bool IsGenerated, BootstrapInterval Difference, BootstrapInterval HybridDifference, Verdict Verdict)
{
    /// <summary>The row of the adapted model and BM25 together: what a search of the run does by default.</summary>
    internal const string Hybrid = "hybrid";

    /// <summary>The names of the two differences in report.json: searched by meaning alone, and with BM25.</summary>
    internal const string DifferenceName = "adapted - base", HybridDifferenceName = "hybrid - hybrid(base)";

    /// <summary>The same on the queries that people have labelled in this run; <see langword="null"/> where there are none. It decides nothing.</summary>
    public RunReport? Labelled { get; init; }

    /// <summary>Draws the conclusion of a comparison of "base" and "adapted".</summary>
    /// <param name="comparison">Has rows of these names, "hybrid(base)" and "hybrid".</param>
    /// <param name="precision">The precision that was computed in.</param>
    /// <param name="isGenerated">Whether the queries were generated; else they were labelled by people.</param>
    public static RunReport Of(ModelComparison comparison, string precision, bool isGenerated)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        BootstrapInterval difference = comparison.Difference("base", "adapted");
        BootstrapInterval hybrid = comparison.Difference(ModelComparison.Hybrid("base"), Hybrid);
        Verdict verdict = Verdict.Of(difference, hybrid, comparison["base"].Queries.Count, isGenerated);
        return new RunReport(comparison, precision, isGenerated, difference, hybrid, verdict);
    }

    /// <summary>Writes report.json.</summary>
    public void Save(string path) => AtomicFile.WriteText(path, writer => writer.WriteLine(ToJson().ToJsonString(IndentedJson.Options)));

    /// <summary>The report as scripts read it.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = ToJson(Comparison, Precision, [(DifferenceName, Difference), (HybridDifferenceName, HybridDifference)]);
        json["kind"] = IsGenerated ? "generated" : "labelled";
        json["verdict"] = Verdict.Word;
        json["sentence"] = Verdict.Sentence;
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
            (JsonNode?)new JsonArray(
                Math.Round(difference.Interval.Low, 6), Math.Round(difference.Interval.Mean, 6), Math.Round(difference.Interval.High, 6))))),
    };
}
