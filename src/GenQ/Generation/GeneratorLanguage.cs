using System.Globalization;
using GenQ.Data;
using GenQ.Retrieval;

namespace GenQ.Generation;

/// <summary>Compares the language of a corpus with that of the generators.</summary>
internal static class GeneratorLanguage
{
    // Of English corpora up to a fourteenth of the passages look foreign: tables, and code alone.
    private const double MostForeign = 0.2;

    private const string Monolingual = "The mini models, and the published ones, speak English alone";

    /// <summary>Says that a generator of English queries is of little use here, and what to do; <see langword="null"/> where it is of use.</summary>
    /// <param name="passages">The passages.</param>
    /// <param name="writesAnyLanguage">Whether the writer is a language model, so that the base alone may be of the wrong language.</param>
    public static string? Warning(IReadOnlyList<Passage> passages, bool writesAnyLanguage = false)
    {
        if (writesAnyLanguage) return BaseWarning(passages);
        double share = EnglishText.Share(passages), foreign = EnglishText.ForeignShare(passages);
        if (share < EnglishText.LowestShare)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"WARNING: only {share:0 %} of the words are common English words. {Monolingual}: their queries would be of little use. ")
                + "Take a generator and a base of the language (for example an mT5 trained to write queries).";
        }

        return foreign <= MostForeign ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"WARNING: about {foreign:0 %} of the passages are not English. {Monolingual}: their queries for these would be of little use, and would be trained on. ")
            + "Leave these documents out, or take a generator and a base that know all the languages.";
    }

    private static string? BaseWarning(IReadOnlyList<Passage> passages)
        => EnglishText.IsEnglish(passages) && EnglishText.ForeignShare(passages) <= MostForeign ? null
            : "WARNING: many of the passages are not English. Queries are written in their language, but the mini base, and the published one, speak English alone: "
                + "take a base that knows the language.";
}
