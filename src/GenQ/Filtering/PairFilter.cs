using GenQ.Data;

namespace GenQ.Filtering;

/// <summary>Drops pairs that teach nothing, each with its reason.</summary>
public static class PairFilter
{
    /// <summary>Says of every pair whether it is kept, and if not, why.</summary>
    /// <param name="pairs">Queries and passages, the pairs of one passage next to each other.</param>
    /// <returns>For each pair, in order, the verdict.</returns>
    public static IEnumerable<PairVerdict> Judge(IEnumerable<QueryPassagePair> pairs)
    {
        HashSet<string> asked = new(StringComparer.OrdinalIgnoreCase);
        string? passage = null;
        foreach (QueryPassagePair pair in pairs)
        {
            if (pair.Passage != passage)
            {
                asked.Clear();
                passage = pair.Passage;
            }

            string[] words = pair.Query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            yield return words.Length switch
            {
                _ when string.IsNullOrWhiteSpace(passage) => PairVerdict.Empty,
                0 => PairVerdict.Empty,
                1 => PairVerdict.OneWord,
                _ => asked.Add(string.Join(' ', words)) ? PairVerdict.Kept : PairVerdict.Duplicate,
            };
        }
    }
}
