using GenQ.Data;
using GenQ.Filtering;

namespace GenQ.Web;

/// <summary>The generated queries of a run, by the id of their passage; spans that were cut out of passages are left out.</summary>
internal static class GeneratedQueries
{
    /// <summary>Reads them; none where the run has no pairs.</summary>
    public static ILookup<string, GeneratedQuery> Read(RunFolder run)
    {
        string[] verdicts = File.Exists(run.Filter) ? [.. FilterFile.ReadVerdicts(run.Filter)] : [];
        (QueryPassagePair Pair, PairOrigin Origin)[] training = Pairs(run.Pairs);

        // Of a filter that was not made anew since the pairs were.
        bool isOfThese = verdicts.Length == training.Length;
        IEnumerable<(string Passage, GeneratedQuery Query)> all = training
            .Select((pair, i) => (pair.Origin, Query: new GeneratedQuery(pair.Pair.Query, QueryUse.Trains, isOfThese ? verdicts[i] : null)))
            .Concat(Pairs(run.HeldOutPairs).Select(pair => (pair.Origin, Query: new GeneratedQuery(pair.Pair.Query, QueryUse.Measures, null))))
            .Where(pair => pair.Origin.Kind == PairKind.Generated && !string.IsNullOrWhiteSpace(pair.Query.Text))
            .Select(pair => (pair.Origin.Passage, pair.Query));
        return all.DistinctBy(query => (query.Passage, query.Query.Text)).ToLookup(query => query.Passage, query => query.Query);
    }

    /// <summary>Reads the queries of the passages that are set aside; where the writer knows other kinds, its questions alone.</summary>
    public static IEnumerable<string> HeldOutQuestions(RunFolder run) => Pairs(run.HeldOutPairs).Where(pair => pair.Origin.Task is null or "question").Select(pair => pair.Pair.Query);

    private static (QueryPassagePair Pair, PairOrigin Origin)[] Pairs(string folder) => !Directory.Exists(folder)
        ? []
        : [.. Enumerable.Range(0, PairFiles.FirstMissing(folder)).SelectMany(file => PairFiles.ReadWithOrigins(folder, file))];
}
