using GenQ.Data;

namespace GenQ;

/// <summary>The queries that a run's words index reads beside the passages.</summary>
internal static class IndexedQueries
{
    /// <summary>Chooses the first few pairs of every passage.</summary>
    /// <param name="pairs">Those that are trained on; the pairs of a passage follow one another.</param>
    /// <param name="perPassage">The most of a passage.</param>
    public static QueryPassagePair[] Choose(IEnumerable<QueryPassagePair> pairs, int perPassage)
        => [.. pairs.Where(pair => pair.HasBothTexts).GroupBy(pair => pair.Passage).SelectMany(own => own.Take(perPassage))];

    /// <summary>Finds the place of each pair's passage among the passages of the run; a pair of none of them is left out.</summary>
    public static ILookup<int, string> ByPassage(IReadOnlyList<Passage> passages, IReadOnlyList<QueryPassagePair> pairs)
    {
        ILookup<string, int> places = passages.Index().ToLookup(passage => PairFiles.OneField(passage.Item.SearchText), passage => passage.Index);
        return pairs.SelectMany(pair => places[pair.Passage].Select(place => (Place: place, pair.Query))).ToLookup(pair => pair.Place, pair => pair.Query);
    }
}
