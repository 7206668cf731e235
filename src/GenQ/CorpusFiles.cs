using GenQ.Data;
using GenQ.Documents;

namespace GenQ;

/// <summary>The files that a run's passages are read from.</summary>
internal static class CorpusFiles
{
    /// <summary>Finds them: each with its name, which is the same wherever the documents lie.</summary>
    /// <exception cref="GenQException">A document that the settings name is not there.</exception>
    public static IReadOnlyList<(string Path, string Name)> Find(GenQSettings settings, RunFolder run)
    {
        if (settings.Squad is { } squad) return [(squad, "squad")];
        if (settings.Beir is { } beir) return [(BeirFolder.CorpusPath(beir), "beir")];

        // What nobody reads may change, and a run that lies among its documents writes there itself.
        DocumentLoader loader = new();
        string own = Path.GetFullPath(run.Path) + Path.DirectorySeparatorChar;
        ILookup<bool, string> inputs = settings.Documents.ToLookup(IsCorpus);
        IEnumerable<(string Path, string Name)> documents = Files(inputs[false].SelectMany(ReferencePacks.Expand))
            .Where(file => loader.CanRead(file.Path) && !file.Path.StartsWith(own, StringComparison.Ordinal));
        return [.. Files(inputs[true]), .. documents];
    }

    /// <summary>Whether an input is a file of ready passages.</summary>
    public static bool IsCorpus(string input)
        => input.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || input.EndsWith(".jsonl.gz", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<(string Path, string Name)> Files(IEnumerable<string> inputs)
        => DocumentFiles.Find(inputs, CancellationToken.None).Where(file => file.Problem is null).Select(file => (file.Path, file.Source));
}
