using GenQ.Data;
using GenQ.Retrieval;

namespace GenQ;

/// <summary>The generated queries of a run as what its users may ask: they tell how much words should count beside meaning.</summary>
internal static class AskedQueries
{
    // Of so many the mean is known to a hundredth.
    private const int Enough = 500;

    // A generator takes more words from a passage than people do, who have not read it.
    private const int OneOf = 3;

    /// <summary>
    /// Draws some, evenly over the third of the run's queries that have the fewest of their passage's words; spans cut out of passages are left out. None
    /// where the run has no pairs.
    /// </summary>
    public static string[] Of(RunFolder run)
    {
        if (!Directory.Exists(run.Pairs)) return [];
        (string Query, double Shared, int Place)[] generated = [.. Enumerable.Range(0, PairFiles.FirstMissing(run.Pairs))
            .SelectMany(file => Generated(run.Pairs, file)).Select((pair, i) => (pair.Query, SharedWords(pair), i))];
        string[] own = [.. generated.OrderBy(query => query.Shared).Take((generated.Length + OneOf - 1) / OneOf).OrderBy(query => query.Place).Select(query => query.Query)];
        return [.. EvenSpread.Of(own.Length, Enough).Select(place => own[place])];
    }

    private static double SharedWords(QueryPassagePair pair)
    {
        HashSet<string> passage = [.. Analyzer.Plain.Terms(pair.Passage)];
        string[] query = [.. Analyzer.Plain.Terms(pair.Query)];
        return query.Length == 0 ? 1 : query.Count(passage.Contains) / (double)query.Length;
    }

    private static IEnumerable<QueryPassagePair> Generated(string folder, int file)
        => PairFiles.ReadWithOrigins(folder, file).Where(pair => pair.Origin.Kind == PairKind.Generated && pair.Pair.HasBothTexts).Select(pair => pair.Pair);
}
