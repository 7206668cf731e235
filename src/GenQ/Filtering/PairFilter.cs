using System.Text.RegularExpressions;
using GenQ.Data;

namespace GenQ.Filtering;

/// <summary>Drops pairs that teach nothing, each with its reason.</summary>
public static partial class PairFilter
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
                _ when Repeats(words) => PairVerdict.Repetitive,
                _ when Pointer().IsMatch(pair.Query) => PairVerdict.NotSelfContained,
                _ => asked.Add(string.Join(' ', words)) ? PairVerdict.Kept : PairVerdict.Duplicate,
            };
        }
    }

    private static bool Repeats(string[] words)
    {
        HashSet<(string, string)> pairs = [];
        foreach ((string first, string second) in words.Zip(words.Skip(1)))
        {
            if (string.Equals(first, second, StringComparison.OrdinalIgnoreCase) || !pairs.Add((first.ToLowerInvariant(), second.ToLowerInvariant()))) return true;
        }

        return false;
    }

    [GeneratedRegex(
        @"\b(this|these|the (above|following|present|current)) (study|studies|paper|article|work|passage|paragraph|section|chapter|document|page|text|example|table|figure)s?\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Pointer();
}
