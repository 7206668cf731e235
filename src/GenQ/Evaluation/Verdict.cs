using System.Globalization;
using GenQ.Retrieval;

namespace GenQ.Evaluation;

/// <summary>What the comparison of the adapted model with its base shows, in a word and in a sentence.</summary>
/// <param name="Word">"better", "no difference shown" or "worse".</param>
/// <param name="Sentence">The same with its figures and its reservations.</param>
public sealed record Verdict(string Word, string Sentence)
{
    /// <summary>The words.</summary>
    internal const string Better = "better", NoDifference = "no difference shown", Worse = "worse";

    // How often a word that rests on generated queries was true of people's questions: the table of eng/verdict.sh in docs/evaluation.md.
    internal const int TrueWords = 82, TriedWords = 89;

    // What is called sure by either test is wrong in one of twenty cases.
    private const double Unsure = 0.05;

    /// <summary>
    /// Reads the verdict off the default search, which adds BM25 to meaning: the mean of all kinds of queries, each counted alike. It is sure where its 95 %
    /// interval and a randomisation test say so, and where no single kind says the contrary.
    /// </summary>
    /// <param name="kinds">At least one.</param>
    public static Verdict Of(IReadOnlyList<MeasuredKind> kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        return Of(kinds, PooledDifference.Of(kinds));
    }

    /// <summary>The same where their mean is known.</summary>
    internal static Verdict Of(IReadOnlyList<MeasuredKind> kinds, PooledDifference pooled) => Of(
        pooled.ByDefault, pooled.ByMeaning, pooled.P, [.. kinds.Select(kind => (kind.InWords, kind.ByDefault.Count, kind.DifferenceByDefault))], isByPeople: kinds is [{ Name: MeasuredKind.Labelled }]);

    /// <summary>The same of figures.</summary>
    /// <param name="byDefault">nDCG@10 in the default search, adapted minus base, in the mean of all kinds.</param>
    /// <param name="byMeaning">The same searched by meaning alone.</param>
    /// <param name="p">What the randomisation test says of the default search.</param>
    /// <param name="kinds">Each kind: its name, how many queries it has, and its difference in the default search.</param>
    /// <param name="isByPeople">Whether people asked the queries.</param>
    internal static Verdict Of(BootstrapInterval byDefault, BootstrapInterval byMeaning, double p, IReadOnlyList<(string Name, int Queries, BootstrapInterval Difference)> kinds, bool isByPeople)
    {
        bool isSure = p < Unsure;
        string word = isSure && byDefault.Low > 0 && !kinds.Any(kind => kind.Difference.High < 0) ? Better
            : isSure && byDefault.High < 0 && !kinds.Any(kind => kind.Difference.Low > 0) ? Worse
            : NoDifference;
        string claim = word switch
        {
            Better => "The adapted model is better than its base",
            Worse => "The adapted model is worse than its base",
            _ => "No difference between the adapted model and its base is shown",
        };
        string reservation = isByPeople ? "" : $" People did not ask these: on labelled corpora {TrueWords} of {TriedWords} such words were true of people's questions. Labelled queries of your own users would tell more.";
        return new Verdict(word, string.Create(CultureInfo.InvariantCulture, $"{claim}: nDCG@10 {byDefault} in the default search, {On(kinds)}. By meaning alone it is {byMeaning}.{reservation}"));
    }

    private static string On(IReadOnlyList<(string Name, int Queries, BootstrapInterval Difference)> kinds) => kinds is [var only]
        ? string.Create(CultureInfo.InvariantCulture, $"on {only.Queries:N0} {only.Name}")
        : $"the mean of {string.Join(", ", kinds.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Queries:N0} {kind.Name} ({BootstrapInterval.Signed(kind.Difference.Mean)})")))}";
}
