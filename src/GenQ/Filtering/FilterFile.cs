using System.Text.Json;
using GenQ.Data;

namespace GenQ.Filtering;

/// <summary>The verdicts of <see cref="PairFilter"/> on disk: filter.jsonl, a line per pair, and filter-summary.json, a group per verdict.</summary>
internal static class FilterFile
{
    private const int ExamplesPerVerdict = 3;

    /// <summary>Judges all pairs and writes both files; the summary, which is written last, is the sign that both are there.</summary>
    /// <param name="run">Receives the files.</param>
    /// <param name="pairs">The pairs of the run.</param>
    /// <param name="mayCopy">Whether queries may be stretches of their passages.</param>
    /// <param name="rank">Among how many of the best a query has to find its passage; 0 does not look.</param>
    /// <param name="find">Gives the rank of each pair's passage; <see langword="null"/> where it is far down.</param>
    /// <returns>A group per verdict that occurred.</returns>
    public static FilteredPairs[] Write(RunFolder run, IReadOnlyList<QueryPassagePair> pairs, bool mayCopy = false, int rank = 0, Func<IReadOnlyList<QueryPassagePair>, int?[]>? find = null)
    {
        PairJudgement[] judgements = [.. PairFilter.Judge(pairs, mayCopy)];
        if (rank > 0 && find is not null)
        {
            // What has another fault is not looked for.
            int[] sound = [.. judgements.Index().Where(judged => judged.Item.Verdict == PairVerdict.Kept).Select(judged => judged.Index)];
            foreach ((int pair, int? found) in sound.Zip(find([.. sound.Select(pair => pairs[pair])])))
                judgements[pair] = new PairJudgement(found <= rank ? PairVerdict.Kept : PairVerdict.NotFound, found);
        }

        JsonLine.Write(run.Filter, judgements.Index(), static (json, judged) =>
        {
            json.WriteNumber("pair", judged.Index);
            json.WriteString("verdict", judged.Item.Verdict.ToString());
            if (judged.Item.Score is { } score) json.WriteNumber("score", Math.Round(score, 3));
        });
        FilteredPairs[] groups = [.. pairs.Zip(judgements)
            .GroupBy(judged => judged.Second.Verdict)
            .OrderBy(group => group.Key)
            .Select(group => new FilteredPairs($"{group.Key}", group.Count(), pairs.Count, [.. group.Take(ExamplesPerVerdict).Select(judged => judged.First.Query)]))];
        AtomicFile.WriteText(run.FilterSummary, writer => writer.WriteLine(JsonSerializer.Serialize(groups, IndentedJson.Options)));
        return groups;
    }

    /// <summary>Reads filter-summary.json: how many pairs each verdict has; none where nothing was filtered.</summary>
    /// <exception cref="GenQException">It is damaged.</exception>
    public static FilteredPairs[] ReadSummary(RunFolder run)
    {
        try
        {
            return File.Exists(run.FilterSummary) ? JsonSerializer.Deserialize<FilteredPairs[]>(File.ReadAllBytes(run.FilterSummary), IndentedJson.Options) ?? [] : [];
        }
        catch (JsonException e)
        {
            throw new GenQException($"'{run.FilterSummary}' is damaged: {e.Message} Delete it, and the filter begins anew.", e) { Where = run.FilterSummary };
        }
    }

    /// <summary>Streams the names of the verdicts in filter.jsonl, in the order of the pairs.</summary>
    /// <exception cref="GenQException">The file cannot be read.</exception>
    public static IEnumerable<string> ReadVerdicts(string filterFile) => JsonLine.Read(filterFile).Select(line => line.Text("verdict"));

    /// <summary>Streams the pairs that filter.jsonl says are kept.</summary>
    /// <exception cref="GenQException">The file judges other pairs than these.</exception>
    public static IEnumerable<QueryPassagePair> Keep(string filterFile, IEnumerable<QueryPassagePair> pairs)
    {
        using IEnumerator<string> verdicts = ReadVerdicts(filterFile).GetEnumerator();
        foreach (QueryPassagePair pair in pairs)
        {
            if (!verdicts.MoveNext()) throw Mismatch(filterFile, "fewer");
            if (verdicts.Current == nameof(PairVerdict.Kept)) yield return pair;
        }

        if (verdicts.MoveNext()) throw Mismatch(filterFile, "more");
    }

    private static GenQException Mismatch(string filterFile, string howMany) => new(
        $"'{filterFile}' judges {howMany} pairs than there are now: pairs/ was changed after it. Delete it and filter-summary.json, and run the filter again.");
}
