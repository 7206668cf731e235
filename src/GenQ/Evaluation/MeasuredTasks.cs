using GenQ.Data;

namespace GenQ.Evaluation;

/// <summary>
/// What a run is measured on: people's queries where there are some. Else, of the passages that are set aside, queries of the generator, and sentences and
/// headings that no generator wrote: what the adapted model has learned of the generator's manner flatters it on the first kind alone.
/// </summary>
internal static class MeasuredTasks
{
    // Of fewer queries the mean says nothing.
    private const int Fewest = 30;

    /// <summary>The kinds of queries, the main one first.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="passages">Its passages.</param>
    /// <exception cref="GenQException">There are no queries to measure on.</exception>
    public static IReadOnlyList<(string Kind, RetrievalTask Task)> Of(RunFolder run, GenQSettings settings, IReadOnlyList<Passage> passages)
    {
        if (settings.LabelledTask is { } labelled) return [(MeasuredKind.Labelled, BeirFolder.Read(labelled))];
        if (!File.Exists(run.HeldOutQueries)) throw NothingToMeasure();
        return [(MeasuredKind.Generated, JudgedQueries.WithoutRejected(run, BeirFolder.Read(run.HeldOut, corpus: run.Passages))), .. TakenOut(passages, HoldOut.IdsOf(run), settings.Seed)];
    }

    /// <summary>The same, where nothing is labelled, on a part of the corpus that is spread over it.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="passages">Its passages.</param>
    /// <param name="mostPassages">The most of them, but for those that answer a query. As many that are set aside are all taken: the whole corpus is asked the same, then.</param>
    /// <param name="mostQueries">The most generated queries.</param>
    /// <returns>The part of the corpus, and the kinds of queries that are asked of it.</returns>
    public static (Passage[] Passages, IReadOnlyList<(string Kind, RetrievalTask Task)> Tasks) Sample(
        RunFolder run, GenQSettings settings, IReadOnlyList<Passage> passages, int mostPassages, int mostQueries)
    {
        RetrievalTask all = JudgedQueries.WithoutRejected(run, BeirFolder.Read(run.HeldOut, corpus: run.Passages));
        RetrievalQuery[] queries = [.. EvenSpread.Of(all.Queries.Count, mostQueries).Select(place => all.Queries[place])];
        HashSet<string> relevant = [.. queries.SelectMany(query => all.Relevant[query.Id].Keys)], heldOut = HoldOut.IdsOf(run);
        HashSet<int> spread = [.. EvenSpread.Of(passages.Count, mostPassages)];
        if (heldOut.Count <= mostPassages) relevant.UnionWith(heldOut);
        Passage[] part = [.. passages.Where((passage, place) => spread.Contains(place) || relevant.Contains(passage.Id))];
        return (part, [(MeasuredKind.Generated, all with { Queries = queries, Corpus = part }), .. TakenOut(part, heldOut, settings.Seed)]);
    }

    /// <summary>Refuses a run whose queries are not there, or of which there will be none: before hours of work, not after them.</summary>
    /// <exception cref="GenQException">There is nothing to measure on.</exception>
    public static void Require(GenQSettings settings)
    {
        if (settings.LabelledTask is { } labelled) BeirFolder.Read(labelled);
        else if (settings.HeldOutShare == 0) throw NothingToMeasure();
    }

    private static IEnumerable<(string Kind, RetrievalTask Task)> TakenOut(IReadOnlyList<Passage> passages, HashSet<string> heldOut, long seed)
    {
        if (TakenOutQueries.Sentences(passages, heldOut.Contains, seed) is { } sentences && sentences.Queries.Count >= Fewest) yield return (MeasuredKind.Sentences, sentences);
        if (TakenOutQueries.Headings(passages, heldOut.Contains, seed) is { } headings && headings.Queries.Count >= Fewest) yield return (MeasuredKind.Headings, headings);
    }

    private static GenQException NothingToMeasure() => new(
        "There is nothing to measure on: hold documents out, or give labelled queries. To adapt without measuring, run the stages by themselves up to the index.")
    {
        Remedy = new Remedy.Change(("holdout", "0.1"), ("labelled", null)),
    };
}
