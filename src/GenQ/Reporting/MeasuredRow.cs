using GenQ.Evaluation;
using GenQ.Retrieval;

namespace GenQ.Reporting;

/// <summary>A row of a table of figures.</summary>
/// <param name="Model">The name that the row has in files.</param>
/// <param name="Ndcg10">Mean nDCG@10.</param>
/// <param name="Mrr10">Mean reciprocal rank within the first 10.</param>
/// <param name="Recall10">Mean recall within the first 10.</param>
/// <param name="Recall100">Mean recall within the first 100.</param>
/// <param name="Interval">The 95 % interval of nDCG@10; <see langword="null"/> where the single queries are not known.</param>
internal sealed record MeasuredRow(string Model, double Ndcg10, double Mrr10, double Recall10, double Recall100, BootstrapInterval? Interval)
{
    /// <summary>The rows of a comparison.</summary>
    public static IReadOnlyList<MeasuredRow> Of(ModelComparison comparison) => [.. comparison.Results.Select(row => new MeasuredRow(
        row.Model, row.Metrics.Ndcg10, row.Metrics.Mrr10, row.Metrics.Recall10, row.Metrics.Recall100, PairedBootstrap.Mean([.. row.Metrics.Queries.Select(query => query.Ndcg10)])))];
}
