using System.Text.RegularExpressions;
using GenQ.Data;

namespace GenQ.Filtering;

/// <summary>Drops pairs that teach nothing, each with its reason and with what that rests on.</summary>
public static partial class PairFilter
{
    // Who asks in a passage's own words takes a few of them, not a whole clause: docs/experiments/filter.md has what people do.
    private const int CopiedWords = 8;
    private const double CopiedShare = 0.8;

    private const int LongestSmallWord = 3;

    // Of two queries that have so many of all their words in common one teaches all.
    private const double AlikeWords = 0.8;

    /// <summary>Says of every pair whether it is kept, and if not, why.</summary>
    /// <param name="pairs">Queries and passages, the pairs of one passage next to each other.</param>
    /// <param name="mayCopy">Whether a query may be a stretch of its passage, as crops are.</param>
    /// <returns>For each pair, in order, the verdict and its score.</returns>
    public static IEnumerable<PairJudgement> Judge(IEnumerable<QueryPassagePair> pairs, bool mayCopy = false)
    {
        List<HashSet<string>> asked = [];
        string[] passageWords = [];
        string? passage = null;
        foreach (QueryPassagePair pair in pairs)
        {
            if (pair.Passage != passage)
            {
                asked.Clear();
                passage = pair.Passage;
                passageWords = Words(passage);
            }

            string[] words = Words(pair.Query);
            PairJudgement judgement = Judge(pair.Query, words, passageWords, asked, mayCopy);
            if (judgement.Verdict == PairVerdict.Kept) asked.Add([.. words]);
            yield return judgement;
        }
    }

    private static PairJudgement Judge(string query, string[] words, string[] passage, List<HashSet<string>> asked, bool mayCopy)
    {
        if (words.Length == 0 || passage.Length == 0) return new PairJudgement(PairVerdict.Empty, 0);
        if (words.Length == 1) return new PairJudgement(PairVerdict.OneWord, 1);
        if (Repeated(words) is > 0 and int repeated) return new PairJudgement(PairVerdict.Repetitive, repeated);
        if (Pointer().IsMatch(query)) return new PairJudgement(PairVerdict.NotSelfContained, null);
        if (!mayCopy && LongestRun(words, passage) is >= CopiedWords and int run && run >= CopiedShare * words.Length) return new PairJudgement(PairVerdict.Copied, run);
        double alike = asked.Select(other => Alike(other, words)).DefaultIfEmpty().Max();
        return alike < AlikeWords ? new PairJudgement(PairVerdict.Kept, null) : new PairJudgement(alike == 1 ? PairVerdict.Duplicate : PairVerdict.NearDuplicate, alike);
    }

    // Marks at a word's ends are not its own: "valve," is "valve". What is nothing else, as "->", stays.
    private static string[] Words(string text) =>
        [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim(Marks) is { Length: > 0 } bare ? bare.ToLowerInvariant() : word)];

    // Words that follow themselves, and pairs of words that were there before; "of the" may come again.
    private static int Repeated(string[] words)
    {
        HashSet<(string, string)> pairs = [];
        return words.Zip(words.Skip(1)).Count(pair => pair.First == pair.Second || (Math.Max(pair.First.Length, pair.Second.Length) > LongestSmallWord && !pairs.Add(pair)));
    }

    private static int LongestRun(string[] query, string[] passage)
    {
        int longest = 0;
        int[] runs = new int[query.Length + 1];
        foreach (string word in passage)
        {
            for (int i = query.Length; i > 0; i--)
            {
                runs[i] = query[i - 1] == word ? runs[i - 1] + 1 : 0;
                longest = Math.Max(longest, runs[i]);
            }
        }

        return longest;
    }

    // The Jaccard coefficient.
    private static double Alike(HashSet<string> one, string[] other)
    {
        HashSet<string> second = [.. other];
        int common = second.Count(one.Contains);
        return (double)common / (one.Count + second.Count - common);
    }

    private static readonly char[] Marks = [.. ",;:.?!\"'()[]{}“”‘’«»"];

    [GeneratedRegex(
        @"\b(this|these|the (above|following|present|current)) (study|studies|paper|article|work|passage|paragraph|section|chapter|document|page|text|example|table|figure)s?\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Pointer();
}
