using GenQ.Retrieval;

namespace GenQ.Evaluation;

/// <summary>How base and adapted model answer the queries of one kind.</summary>
/// <param name="Name">The kind: "generated", "sentences", "headings" or "labelled".</param>
/// <param name="Comparison">Has the rows "base", "adapted", "hybrid(base)" and "hybrid".</param>
public sealed record MeasuredKind(string Name, ModelComparison Comparison)
{
    private BootstrapInterval? _byMeaning, _byDefault;

    /// <summary>Queries that the generator of the training queries wrote for passages that are set aside.</summary>
    internal const string Generated = "generated";

    /// <summary>Sentences taken out of passages that are set aside.</summary>
    internal const string Sentences = "sentences";

    /// <summary>Headings taken off passages that are set aside.</summary>
    internal const string Headings = "headings";

    /// <summary>Queries that people have labelled.</summary>
    internal const string Labelled = "labelled";

    /// <summary>nDCG@10 of each query searched by meaning alone, adapted minus base.</summary>
    public IReadOnlyList<double> ByMeaning => field ??= Differences("base", "adapted");

    /// <summary>nDCG@10 of each query in the default search, which adds BM25 to meaning, adapted minus base.</summary>
    public IReadOnlyList<double> ByDefault => field ??= Differences(ModelComparison.Hybrid("base"), RunReport.Hybrid);

    /// <summary>The mean of <see cref="ByMeaning"/> with its 95 % interval.</summary>
    internal BootstrapInterval DifferenceByMeaning => _byMeaning ??= PairedBootstrap.Mean(ByMeaning);

    /// <summary>The mean of <see cref="ByDefault"/> with its 95 % interval.</summary>
    internal BootstrapInterval DifferenceByDefault => _byDefault ??= PairedBootstrap.Mean(ByDefault);

    /// <summary>What its queries are, in words.</summary>
    public string InWords => NameInWords(Name);

    /// <summary>What the queries of a kind are, in words.</summary>
    internal static string NameInWords(string kind) => kind switch
    {
        Generated => "generated queries",
        Sentences => "sentences taken out of their passages",
        Headings => "headings taken off their passages",
        _ => "labelled queries",
    };

    private double[] Differences(string first, string second)
        => [.. Comparison[first].Queries.Zip(Comparison[second].Queries, (before, after) => after.Ndcg10 - before.Ndcg10)];
}
