using GenQ.Data;
using GenQ.Documents;

namespace GenQ;

/// <summary>The files that a run's passages are read from.</summary>
internal static class CorpusFiles
{
    /// <summary>Finds them: each with its name, which is the same wherever the documents lie.</summary>
    /// <exception cref="GenQException">A document that the settings name is not there.</exception>
    /// <param name="corpus">Where the passages come from.</param>
    /// <param name="run">The run folder: it may lie among its documents, and is none itself.</param>
    /// <param name="loader">Says which files it can read: the others may change.</param>
    public static IReadOnlyList<(string Path, string Name)> Find(CorpusSource corpus, RunFolder run, DocumentLoader loader)
    {
        if (corpus.Kind == CorpusKind.Squad) return [(corpus.Path, "squad")];
        if (corpus.Kind == CorpusKind.Beir) return [(BeirFolder.CorpusPath(corpus.Path), "beir")];
        ILookup<bool, string> inputs = corpus.Paths.ToLookup(IsCorpus);
        IEnumerable<(string Path, string Name)> documents = Files(inputs[false].SelectMany(ReferencePacks.Expand))
            .Where(file => loader.CanRead(file.Path) && !run.Owns(file.Path));
        return [.. Files(inputs[true]), .. documents];
    }

    /// <summary>Whether an input is a file of ready passages.</summary>
    public static bool IsCorpus(string input)
        => input.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || input.EndsWith(".jsonl.gz", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<(string Path, string Name)> Files(IEnumerable<string> inputs)
        => DocumentFiles.Find(inputs, CancellationToken.None).Where(file => file.Problem is null).Select(file => (file.Path, file.Source));
}
