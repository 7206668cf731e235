using GenQ.Data;
using GenQ.Filtering;
using GenQ.Generation;

namespace GenQ.Evaluation;

/// <summary>Writes queries for passages that are held out: the generator's, without those that the filter would drop.</summary>
internal static class EvaluationQueries
{
    // Further queries of the same passages say little that is new.
    private const int MostPerPassage = 3;

    /// <summary>Writes the pair files that are missing, and then a BEIR folder in which each query has one relevant passage, the one it was written for.</summary>
    /// <param name="run">Receives the pairs, queries.jsonl and qrels/test.tsv, all below heldout/.</param>
    /// <param name="generator">Writes the queries.</param>
    /// <param name="passages">The held-out passages.</param>
    /// <param name="count">The queries of a passage that is trained on; here it has three at most.</param>
    /// <param name="progress">Told after every few dozen passages.</param>
    /// <param name="cancellation">Stops at the next token; whole pair files stay.</param>
    /// <exception cref="GenQException">No query is left.</exception>
    public static void Write(
        RunFolder run,
        QueryGenerator generator,
        IReadOnlyList<Passage> passages,
        int count,
        IProgress<GenerationProgress>? progress,
        CancellationToken cancellation)
    {
        int perPassage = Math.Min(count, MostPerPassage);
        generator.Generate(passages, run.HeldOutPairs, perPassage, progress: progress, cancellation: cancellation);
        QueryPassagePair[] pairs = [.. PairFiles.Read(run.HeldOutPairs)];
        RequireInOrder(run.HeldOutPairs, pairs, passages, perPassage);
        List<RetrievalQuery> queries = [];
        Dictionary<string, IReadOnlyDictionary<string, int>> relevant = [];
        foreach ((int pair, PairVerdict verdict) in PairFilter.Judge(pairs).Index())
        {
            if (verdict != PairVerdict.Kept) continue;
            string passage = passages[pair / perPassage].Id;
            RetrievalQuery query = new($"{passage}?{pair % perPassage}", pairs[pair].Query);
            queries.Add(query);
            relevant[query.Id] = new Dictionary<string, int> { [passage] = 1 };
        }

        if (queries.Count == 0)
        {
            throw new GenQException(
                $"None of the {passages.Count} held-out passages got a query of two words or more, so there is nothing to measure with: "
                + "hold more out (--holdout), take another generator (--generator), or give labelled queries (--labelled FOLDER).");
        }

        BeirFolder.WriteQueries(run.HeldOut, queries, relevant);
    }

    // A query belongs to the passage of its place, so who cleans them by hand must leave each in its line.
    private static void RequireInOrder(string folder, QueryPassagePair[] pairs, IReadOnlyList<Passage> passages, int perPassage)
    {
        int wrong = Array.FindIndex([.. pairs.Index()], pair
            => pair.Index / perPassage >= passages.Count || pair.Item.Passage != PairFiles.OneField(passages[pair.Index / perPassage].SearchText));
        if (wrong < 0 && pairs.Length == passages.Count * perPassage) return;
        throw new GenQException(
            $"'{folder}' does not hold {perPassage} lines for each of {passages.Count} passages in their order any more (pair {(wrong < 0 ? pairs.Length : wrong)}). "
            + $"A query that is not wanted is deleted up to its tab, the line stays; or delete '{folder}' to have it written anew.");
    }
}
