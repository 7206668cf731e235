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
    /// <param name="find">Tells of pairs whether their queries find their passages; <see langword="null"/> where that does not matter.</param>
    /// <returns>A group per verdict that occurred.</returns>
    public static FilteredPairs[] Write(RunFolder run, IReadOnlyList<QueryPassagePair> pairs, Func<IReadOnlyList<QueryPassagePair>, bool[]>? find = null)
    {
        PairVerdict[] verdicts = [.. PairFilter.Judge(pairs)];
        if (find is not null)
        {
            // What has another fault is not looked for.
            int[] sound = [.. verdicts.Index().Where(verdict => verdict.Item == PairVerdict.Kept).Select(verdict => verdict.Index)];
            foreach ((int pair, bool isFound) in sound.Zip(find([.. sound.Select(pair => pairs[pair])])))
                if (!isFound) verdicts[pair] = PairVerdict.NotFound;
        }

        JsonLine.Write(run.Filter, verdicts.Index(), static (json, verdict) =>
        {
            json.WriteNumber("pair", verdict.Index);
            json.WriteString("verdict", verdict.Item.ToString());
        });
        FilteredPairs[] groups = [.. pairs.Zip(verdicts)
            .GroupBy(judged => judged.Second)
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
