using System.Globalization;

namespace GenQ.Filtering;

/// <summary>The pairs that share a verdict, as filter-summary.json holds them.</summary>
/// <param name="Verdict">The <see cref="PairVerdict"/>'s name.</param>
/// <param name="Pairs">How many there are.</param>
/// <param name="Of">How many were judged.</param>
/// <param name="Examples">The queries of the first few.</param>
internal sealed record FilteredPairs(string Verdict, int Pairs, int Of, IReadOnlyList<string> Examples)
{
    /// <summary>Says it in a line.</summary>
    public override string ToString()
    {
        string examples = Verdict == nameof(PairVerdict.Empty) ? ", where nothing good enough was written" : $", as in \"{string.Join("\", \"", Examples)}\"";
        return string.Create(CultureInfo.InvariantCulture, $"{Pairs:N0} of {Of:N0} pairs {Verdict}{examples}");
    }
}
