namespace GenQ.Retrieval;

/// <summary>
/// Measures of one ranking, as functions of ranked ids. The binary ones are those of sentence-transformers'
/// InformationRetrievalEvaluator (compute_metrics), <see cref="GradedNdcg"/> is trec_eval's, which BEIR reports. Each is
/// between 0 and 1; the measure of a task is the mean over its queries.
/// </summary>
public static class RankingMetrics
{
    /// <summary>1 if a relevant passage is among the first <paramref name="k"/>, else 0.</summary>
    public static double Accuracy(IReadOnlyList<string> ranked, IReadOnlySet<string> relevant, int k) =>
        ReciprocalRank(ranked, relevant, k) > 0 ? 1 : 0;

    /// <summary>The share of the first <paramref name="k"/> places that relevant passages hold; places left empty count too.</summary>
    public static double Precision(IReadOnlyList<string> ranked, IReadOnlySet<string> relevant, int k) =>
        (double)Hits(ranked, relevant, k) / k;

    /// <summary>The share of the relevant passages that are among the first <paramref name="k"/>.</summary>
    public static double Recall(IReadOnlyList<string> ranked, IReadOnlySet<string> relevant, int k) =>
        (double)Hits(ranked, relevant, k) / Checked(relevant).Count;

    /// <summary>
    /// One over the rank of the first relevant passage, 0 if none is among the first <paramref name="k"/>. Its mean over the
    /// queries is MRR@k.
    /// </summary>
    public static double ReciprocalRank(IReadOnlyList<string> ranked, IReadOnlySet<string> relevant, int k)
    {
        for (int i = 0; i < Places(ranked, k); i++)
            if (relevant.Contains(ranked[i])) return 1.0 / (i + 1);
        return 0;
    }

    /// <summary>
    /// The mean of the precision at each relevant passage among the first <paramref name="k"/>, over all that could stand there.
    /// Its mean over the queries is MAP@k.
    /// </summary>
    public static double AveragePrecision(IReadOnlyList<string> ranked, IReadOnlySet<string> relevant, int k)
    {
        int hits = 0;
        double sum = 0;
        for (int i = 0; i < Places(ranked, k); i++)
            if (relevant.Contains(ranked[i])) sum += (double)++hits / (i + 1);
        return sum / Math.Min(k, Checked(relevant).Count);
    }

    /// <summary>Normalised discounted cumulative gain with gain 1 for each relevant passage and discount log2(rank + 1).</summary>
    public static double Ndcg(IReadOnlyList<string> ranked, IReadOnlySet<string> relevant, int k)
    {
        double gain = 0;
        for (int i = 0; i < Places(ranked, k); i++)
            if (relevant.Contains(ranked[i])) gain += Discount(i);
        double ideal = 0;
        for (int i = 0; i < Math.Min(k, Checked(relevant).Count); i++) ideal += Discount(i);
        return gain / ideal;
    }

    /// <summary>
    /// Normalised discounted cumulative gain with the grade as gain (trec_eval's ndcg_cut): grades below 1 gain nothing, the
    /// ideal ranking has the highest grades first.
    /// </summary>
    public static double GradedNdcg(IReadOnlyList<string> ranked, IReadOnlyDictionary<string, int> grades, int k)
    {
        ArgumentNullException.ThrowIfNull(grades);
        double gain = 0;
        for (int i = 0; i < Places(ranked, k); i++)
            if (grades.TryGetValue(ranked[i], out int grade) && grade > 0) gain += grade * Discount(i);
        double ideal = grades.Values.Where(grade => grade > 0).OrderDescending().Take(k).Select((grade, i) => grade * Discount(i)).Sum();
        return ideal > 0 ? gain / ideal : throw new ArgumentException("A query without a relevant passage has no nDCG.", nameof(grades));
    }

    private static double Discount(int index) => 1 / Math.Log2(index + 2);

    private static int Hits(IReadOnlyList<string> ranked, IReadOnlySet<string> relevant, int k)
    {
        int hits = 0;
        for (int i = 0; i < Places(ranked, k); i++)
            if (relevant.Contains(ranked[i])) hits++;
        return hits;
    }

    private static int Places(IReadOnlyList<string> ranked, int k)
    {
        ArgumentNullException.ThrowIfNull(ranked);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        return Math.Min(k, ranked.Count);
    }

    private static IReadOnlySet<string> Checked(IReadOnlySet<string> relevant) =>
        relevant.Count > 0
            ? relevant
            : throw new ArgumentException("A query without a relevant passage has no such measure.", nameof(relevant));
}
