using System.Globalization;
using GenQ.Retrieval;

namespace GenQ.Evaluation;

/// <summary>What the comparison of the adapted model with its base shows, in a word and in a sentence.</summary>
/// <param name="Word">"better", "no difference shown" or "worse".</param>
/// <param name="Sentence">The same with its figures and its reservations.</param>
public sealed record Verdict(string Word, string Sentence)
{
    /// <summary>Reads the verdict off the 95 % interval of adapted − base.</summary>
    /// <param name="difference">nDCG@10, adapted minus base, searched by meaning alone: this decides.</param>
    /// <param name="hybrid">The same where BM25 is added to both.</param>
    /// <param name="queries">How many queries were measured.</param>
    /// <param name="isGenerated">Whether the queries were written by the generator of the training queries.</param>
    public static Verdict Of(BootstrapInterval difference, BootstrapInterval hybrid, int queries, bool isGenerated)
    {
        string word = difference.Low > 0 ? "better" : difference.High < 0 ? "worse" : "no difference shown";
        string kind = isGenerated
            ? "generated queries of documents held out before generation. They were written by the generator that wrote the "
                + "training queries, which flatters the adapted model: queries of your own users, labelled, would tell more"
            : "labelled queries";
        string claim = word switch
        {
            "better" => "The adapted model is better than its base",
            "worse" => "The adapted model is worse than its base",
            _ => "No difference between the adapted model and its base is shown",
        };
        return new Verdict(word, string.Create(
            CultureInfo.InvariantCulture,
            $"{claim}: nDCG@10 {difference} on {queries:N0} {kind}. Where BM25 is added to both, as a search does by default, it is {hybrid}."));
    }
}
