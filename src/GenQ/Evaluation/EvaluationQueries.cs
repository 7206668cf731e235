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
    /// <param name="mixture">Who writes the queries of a passage that is trained on; here it gets three at most, and no crops.</param>
    /// <param name="passages">The held-out passages.</param>
    /// <param name="progress">Told of every passage.</param>
    /// <param name="cancellation">Stops the writer; whole pair files stay.</param>
    /// <exception cref="GenQException">No query is left.</exception>
    public static async Task WriteAsync(
        RunFolder run, QueryMixture mixture, IReadOnlyList<Passage> passages, IProgress<GenerationProgress>? progress, CancellationToken cancellation)
    {
        int perPassage = PerPassage(mixture.Count);
        PairWriter writer = new(mixture with { Count = perPassage, Crops = 0 }, progress);
        await writer.WriteAsync(passages, run.HeldOutPairs, cancellation).ConfigureAwait(false);
        QueryPassagePair[] pairs = [.. PairFiles.Read(run.HeldOutPairs)];
        RequireInOrder(run.HeldOutPairs, pairs, passages, perPassage);
        List<RetrievalQuery> queries = [];
        Dictionary<string, IReadOnlyDictionary<string, int>> relevant = [];
        foreach ((int pair, PairJudgement judged) in PairFilter.Judge(pairs).Index())
        {
            if (judged.Verdict != PairVerdict.Kept) continue;
            string passage = passages[pair / perPassage].Id;
            RetrievalQuery query = new($"{passage}?{pair % perPassage}", pairs[pair].Query);
            queries.Add(query);
            relevant[query.Id] = new Dictionary<string, int> { [passage] = 1 };
        }

        if (queries.Count == 0)
        {
            throw new GenQException(
                $"None of the {passages.Count} held-out passages got a query of two words or more, so there is nothing to measure with: "
                + "hold more out, take another generator, or give labelled queries.")
            {
                Where = run.HeldOut,
                Remedy = new Remedy.Change(("holdout", "0.2"), ("generator", null), ("labelled", null)),
            };
        }

        BeirFolder.WriteQueries(run.HeldOut, queries, relevant);
    }

    /// <summary>How many queries a held-out passage gets.</summary>
    /// <param name="training">How many a passage gets that is trained on.</param>
    public static int PerPassage(int training) => Math.Min(training, MostPerPassage);

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
