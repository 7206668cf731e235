using GenQ.Data;

namespace GenQ.Training;

/// <summary>What a batch of a bi-encoder's training is made of: a passage and the queries of it that are asked together.</summary>
/// <param name="Queries">At least one.</param>
/// <param name="Passage">What answers them.</param>
internal sealed record RankingExample(IReadOnlyList<string> Queries, string Passage)
{
    /// <summary>Puts up to so many queries of a passage together; an example stands where the first of its pairs stood.</summary>
    /// <param name="pairs">Queries and passages, in any order.</param>
    /// <param name="queriesTogether">1 makes an example of each pair.</param>
    public static RankingExample[] Of(IEnumerable<QueryPassagePair> pairs, int queriesTogether)
    {
        List<RankingExample> examples = [];
        Dictionary<string, List<string>> open = [];
        foreach (QueryPassagePair pair in pairs)
        {
            if (!open.TryGetValue(pair.Passage, out List<string>? queries) || queries.Count == queriesTogether)
            {
                open[pair.Passage] = queries = [];
                examples.Add(new RankingExample(queries, pair.Passage));
            }

            queries.Add(pair.Query);
        }

        return [.. examples];
    }
}
