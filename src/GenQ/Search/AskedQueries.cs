using GenQ.Data;

namespace GenQ;

/// <summary>The generated queries of a run as what its users may ask: they tell how much words should count beside meaning.</summary>
internal static class AskedQueries
{
    // Of so many the mean is known to a hundredth.
    private const int Enough = 500;

    /// <summary>Draws some, evenly over the run's pairs; spans cut out of passages are left out. None where the run has no pairs.</summary>
    public static string[] Of(RunFolder run)
    {
        if (!Directory.Exists(run.Pairs)) return [];
        string[] generated = [.. Enumerable.Range(0, PairFiles.FirstMissing(run.Pairs)).SelectMany(file => Generated(run.Pairs, file))];
        return generated.Length <= Enough ? generated : [.. Enumerable.Range(0, Enough).Select(i => generated[(int)((long)i * generated.Length / Enough)])];
    }

    private static IEnumerable<string> Generated(string folder, int file)
        => PairFiles.Read(PairFiles.Path(folder, file)).Zip(PairFiles.ReadOrigins(PairFiles.OriginsPath(folder, file)))
            .Where(pair => pair.Second.Kind == PairKind.Generated && pair.First.HasBothTexts).Select(pair => pair.First.Query);
}
