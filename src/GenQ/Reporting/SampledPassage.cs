using GenQ.Data;
using GenQ.Filtering;

namespace GenQ.Reporting;

/// <summary>A passage whose queries are shown.</summary>
/// <param name="Id">The passage's id.</param>
/// <param name="Queries">Its training queries, each with what the filter says of it; <see langword="null"/> where nothing was filtered.</param>
internal sealed record SampledPassage(string Id, IReadOnlyList<(string Text, PairVerdict? Verdict)> Queries)
{
    private const int Passages = 8, QueriesOfOne = 8;

    /// <summary>Takes passages evenly spread over a run's pairs. Only the files that hold them are read.</summary>
    /// <returns>None where the run has no pairs of its own.</returns>
    public static IReadOnlyList<SampledPassage> Read(RunFolder run)
    {
        int files = Directory.Exists(run.Pairs) ? PairFiles.FirstMissing(run.Pairs) : 0;
        if (files == 0) return [];
        PairVerdict?[] verdicts = File.Exists(run.Filter)
            ? [.. FilterFile.ReadVerdicts(run.Filter).Select(name => Enum.TryParse(name, out PairVerdict verdict) ? verdict : (PairVerdict?)null)]
            : [];
        long pairs = (long)(files - 1) * PairFiles.PairsPerFile + File.ReadLines(PairFiles.Path(run.Pairs, files - 1)).Count();
        List<SampledPassage> sampled = [];
        for (int i = 0; i < Passages; i++)
        {
            long place = ((2 * i) + 1) * pairs / (2 * Passages);
            int file = (int)(place / PairFiles.PairsPerFile);
            (QueryPassagePair Pair, PairOrigin Origin)[] read = [.. PairFiles.ReadWithOrigins(run.Pairs, file)];

            // What has no query at all shows nothing: the next passage that has one stands for it.
            string? passage = read.Skip((int)(place % PairFiles.PairsPerFile)).FirstOrDefault(pair => pair.Pair.HasBothTexts).Origin?.Passage;
            if (passage is null || sampled.Any(other => other.Id == passage)) continue;
            sampled.Add(new SampledPassage(passage, [.. read.Index()
                .Where(pair => pair.Item.Origin.Passage == passage)
                .Take(QueriesOfOne)
                .Select(pair => (pair.Item.Pair.Query, verdicts.ElementAtOrDefault((file * PairFiles.PairsPerFile) + pair.Index)))]));
        }

        return sampled;
    }
}
