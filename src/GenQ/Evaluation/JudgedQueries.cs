using GenQ.Data;

namespace GenQ.Evaluation;

/// <summary>What people's judgements make of the queries that a run is measured on.</summary>
internal static class JudgedQueries
{
    /// <summary>Leaves the queries out that people have rejected; where these were all, they stay, since there must be something to measure on.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="task">The queries of the passages that it has set aside.</param>
    public static RetrievalTask WithoutRejected(RunFolder run, RetrievalTask task)
    {
        HashSet<PassageQuery> rejected = [.. Judgements.Open(run).Rejected];
        RetrievalQuery[] queries = [.. task.Queries.Where(query => !task.Relevant[query.Id].Keys.Any(passage => rejected.Contains(new PassageQuery(passage, PairFiles.OneField(query.Text)))))];
        return queries.Length == 0 || queries.Length == task.Queries.Count ? task : task with { Queries = queries };
    }

    /// <summary>The queries that people have labelled: those with an answer that they marked right, and those that they wrote for a passage that is set aside.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="passages">Its passages.</param>
    /// <returns><see langword="null"/> where there are none.</returns>
    public static RetrievalTask? Labelled(RunFolder run, IReadOnlyList<Passage> passages)
    {
        Judgements judgements = Judgements.Open(run);
        if (judgements.Answers.Count + judgements.Added.Count == 0) return null;
        HashSet<string> known = [.. passages.Select(passage => passage.Id)], heldOut = HoldOut.IdsOf(run);
        IGrouping<string, string>[] answered = [.. judgements.Answers.Where(answer => answer.IsRight).Select(answer => (answer.Query, answer.Passage))
            .Concat(judgements.Added.Where(added => heldOut.Contains(added.Passage)).Select(added => (added.Query, added.Passage)))
            .Where(answer => known.Contains(answer.Passage))
            .Distinct()
            .GroupBy(answer => answer.Query, answer => answer.Passage)];
        if (answered.Length == 0) return null;
        return new RetrievalTask(
            "labelled by you",
            [.. answered.Select((query, i) => new RetrievalQuery($"{i + 1}", query.Key))],
            passages,
            answered.Index().ToDictionary(query => $"{query.Index + 1}", query => (IReadOnlyDictionary<string, int>)query.Item.ToDictionary(passage => passage, _ => 1)));
    }
}
