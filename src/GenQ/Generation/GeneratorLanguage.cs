using System.Globalization;
using GenQ.Data;
using GenQ.Retrieval;

namespace GenQ.Generation;

/// <summary>Compares the language of a corpus with that of the generators.</summary>
internal static class GeneratorLanguage
{
    /// <summary>Says that a generator of English queries is of no use here, and what to do; <see langword="null"/> where it is.</summary>
    public static string? Warning(IReadOnlyList<Passage> passages)
    {
        double share = EnglishText.Share(passages);
        return share >= EnglishText.LowestShare ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"WARNING: only {share:0 %} of the words are common English words. The mini models, and the published ones, speak English alone: their queries would be of little use. ")
            + "Take a generator and a base of the language (for example an mT5 trained to write queries).";
    }
}
