using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Retrieval;

namespace GenQ.Reporting;

/// <summary>What a run's report/ holds of one set of queries.</summary>
/// <param name="Queries">How many queries there are.</param>
/// <param name="Precision">The precision that was computed in.</param>
/// <param name="IsGenerated">Whether the queries were generated; else they were labelled by people.</param>
/// <param name="Word">The verdict in a word.</param>
/// <param name="Sentence">The verdict in a sentence.</param>
/// <param name="Rows">The figures.</param>
/// <param name="Differences">In nDCG@10, by their names.</param>
/// <param name="Asked">The single queries; none where an older GenQ has measured, which did not keep them.</param>
internal sealed record MeasuredSet(
    int Queries,
    string Precision,
    bool IsGenerated,
    string Word,
    string Sentence,
    IReadOnlyList<MeasuredRow> Rows,
    IReadOnlyList<(string Name, BootstrapInterval Interval)> Differences,
    IReadOnlyList<EvaluatedQuery> Asked)
{
    /// <summary>Each kind of queries that the verdict rests on: its name, how many there are, and what adaptation changed in the default search and by meaning alone.</summary>
    public IReadOnlyList<(string Name, int Queries, BootstrapInterval ByDefault, BootstrapInterval ByMeaning)> Kinds { get; init; } = [];

    /// <summary>What was kept of the training, in words; <see langword="null"/> where nothing was chosen.</summary>
    public string? Kept { get; init; }

    /// <summary>Reads the sets of a run: the one that gives the verdict, and the user's own labelled queries where it was measured on them besides.</summary>
    /// <exception cref="GenQException">The run has not been measured, or the files are damaged.</exception>
    public static (MeasuredSet Main, MeasuredSet? Labelled) Read(RunFolder run)
    {
        Remedy measure = new Remedy.RunStage("evaluate", run.Path);
        if (!File.Exists(run.Report))
            throw new GenQException($"'{run.Path}' has not been measured yet, so there is nothing to report.") { Where = run.Report, Expected = "report", Remedy = measure };
        try
        {
            JsonObject report = JsonNode.Parse(File.ReadAllText(run.Report))!.AsObject();
            return (Read(report, run.ReportQueries), report["labelled"] is JsonObject labelled ? Read(labelled, run.ReportLabelledQueries) : null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new GenQException($"'{run.Report}' is damaged: {e.Message}", e) { Where = run.Report, Remedy = measure };
        }
    }

    private static MeasuredSet Read(JsonObject report, string queries)
    {
        EvaluatedQuery[] asked = File.Exists(queries) ? [.. EvaluatedQuery.Read(queries)] : [];
        int count = report["queries"]!.GetValue<int>();

        // An evaluation that was interrupted between both files leaves them of different queries.
        if (asked.Length != count) asked = [];
        return new MeasuredSet(
            count,
            report["precision"]?.GetValue<string>() ?? "",
            report["kind"]?.GetValue<string>() != "labelled",
            report["verdict"]?.GetValue<string>() ?? "",
            report["sentence"]?.GetValue<string>() ?? "",
            [.. report["results"]!.AsArray().Select(row => Row(row!, asked))],
            [.. (report["difference"] as JsonObject ?? []).Select(difference => (difference.Key, Interval(difference.Value!.AsArray())))],
            asked)
        {
            Kinds = [.. (report["kinds"] as JsonArray ?? []).Select(kind => (
                MeasuredKind.NameInWords(kind!["kind"]!.GetValue<string>()),
                kind["queries"]!.GetValue<int>(),
                Interval(kind["difference"]![RunReport.HybridDifferenceName]!.AsArray()),
                Interval(kind["difference"]![RunReport.DifferenceName]!.AsArray())))],
            Kept = report["kept"]?.GetValue<string>(),
        };
    }

    private static MeasuredRow Row(JsonNode row, EvaluatedQuery[] asked)
    {
        string model = row["model"]!.GetValue<string>();
        double[] values = [.. asked.Select(query => query.Results.GetValueOrDefault(model)).OfType<QueryResult>().Select(result => result.Ndcg10)];
        return new MeasuredRow(
            model, Figure("ndcg@10"), Figure("mrr@10"), Figure("recall@10"), Figure("recall@100"), values.Length > 0 && values.Length == asked.Length ? PairedBootstrap.Mean(values) : null);

        double Figure(string name) => row[name]!.GetValue<double>();
    }

    private static BootstrapInterval Interval(JsonArray values) => new(values[0]!.GetValue<double>(), values[1]!.GetValue<double>(), values[2]!.GetValue<double>());
}
