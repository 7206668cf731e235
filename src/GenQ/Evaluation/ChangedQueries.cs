namespace GenQ.Evaluation;

/// <summary>Queries for which one run finds a right passage among its first ten and another does not, both with BM25.</summary>
/// <param name="Set">The set of queries.</param>
/// <param name="Finds">The run that finds.</param>
/// <param name="Misses">The run that does not.</param>
/// <param name="Count">How many queries these are.</param>
/// <param name="Examples">A few of them, the clearest first: the text, the rank where it is found, and the other's rank, if it is among its first 100.</param>
internal sealed record ChangedQueries(string Set, string Finds, string Misses, int Count, IReadOnlyList<(string Text, int Rank, int? MissedRank)> Examples)
{
    private const int Found = 10, BeyondAll = 101, Shown = 3;

    /// <summary>Compares every two runs, either way round.</summary>
    /// <param name="table">Has a row of each run with BM25.</param>
    /// <param name="runs">The names of the runs.</param>
    /// <param name="texts">The queries' texts by their ids.</param>
    public static IEnumerable<ChangedQueries> Of(ModelComparison table, IReadOnlyList<string> runs, IReadOnlyDictionary<string, string> texts)
        => from finds in runs
           from misses in runs
           where finds != misses
           let changed = Between(table, finds, misses, texts)
           select new ChangedQueries(table.Task, finds, misses, changed.Length, [.. changed.OrderByDescending(query => (query.MissedRank ?? BeyondAll) - query.Rank).Take(Shown)]);

    private static (string Text, int Rank, int? MissedRank)[] Between(ModelComparison table, string finds, string misses, IReadOnlyDictionary<string, string> texts)
        => [.. table[ModelComparison.Hybrid(finds)].Queries.Zip(table[ModelComparison.Hybrid(misses)].Queries)
            .Where(query => query.First.Rank <= Found && !(query.Second.Rank <= Found))
            .Select(query => (texts[query.First.Query], query.First.Rank!.Value, query.Second.Rank))];
}
