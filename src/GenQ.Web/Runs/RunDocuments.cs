using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Web;

/// <summary>The files that a run has read, by their sources. No other file can be had of it, whatever is asked for.</summary>
internal sealed class RunDocuments
{
    private readonly Dictionary<string, (string File, string Root)> _files;

    private RunDocuments(Dictionary<string, (string File, string Root)> files) => _files = files;

    /// <summary>Finds the files.</summary>
    /// <param name="run">The run folder, whose settings say what was read.</param>
    /// <param name="sources">The sources of its passages.</param>
    /// <param name="folder">Where the documents lie now; <see langword="null"/> looks where they were read.</param>
    public static RunDocuments Find(RunFolder run, IReadOnlySet<string> sources, string? folder)
    {
        Dictionary<string, (string File, string Root)> files = [];
        if (folder is not null)
        {
            string root = Path.GetFullPath(folder);
            foreach (string source in sources) Add(source, Path.GetFullPath(Path.Combine(root, source)), root);
        }

        foreach (IEnumerable<string> inputs in InputsOf(run))
        {
            foreach ((string file, string source, string? problem) in Found(inputs))
            {
                // A source is its file's path below the folder that was read.
                if (problem is null && sources.Contains(source)) Add(source, file, file[..^source.Length]);
            }
        }

        return new RunDocuments(files);

        void Add(string source, string file, string root)
        {
            if (File.Exists(file)) files.TryAdd(source, (file, root));
        }
    }

    /// <summary>Finds the file of a source, every link in its path followed.</summary>
    /// <returns><see langword="null"/> where the run has read no such file, it is gone, it is no plain file, or it lies outside of what was read.</returns>
    public string? FileOf(string source)
        => _files.TryGetValue(source, out (string File, string Root) found) ? RealFile(found.File, Path.TrimEndingDirectorySeparator(found.Root)) : null;

    /// <summary>Follows every link in the path of a file.</summary>
    /// <param name="file">The file, its path full.</param>
    /// <param name="folder">Where it must lie in the end, its path full.</param>
    /// <returns><see langword="null"/> where it is gone, is no plain file, or lies outside of the folder.</returns>
    public static string? RealFile(string file, string folder)
    {
        try
        {
            string real = DocumentFiles.RealPathOf(file), root = DocumentFiles.RealPathOf(folder);
            return real != root && DocumentFiles.IsBelow(real, root) && File.Exists(real) && new FileInfo(real).LinkTarget is null && SpecialFile.KindOf(real) is null ? real : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // As the corpus is read: a source is named below the common folder of its group.
    private static IEnumerable<IEnumerable<string>> InputsOf(RunFolder run)
    {
        CorpusSource corpus;
        try
        {
            corpus = new RunLedger(run.Settings).Settings.Corpus;
        }
        catch (GenQException)
        {
            // A run whose settings cannot be read can still be searched; its hits have no links.
            return [];
        }

        return corpus.Kind != CorpusKind.Documents ? [] : corpus.Paths.Where(input => !CorpusFiles.IsCorpus(input)).GroupBy(ReferencePacks.Names);
    }

    private static IReadOnlyList<(string Path, string Source, string? Problem)> Found(IEnumerable<string> inputs)
    {
        try
        {
            return DocumentFiles.Find(inputs.SelectMany(ReferencePacks.Expand), CancellationToken.None);
        }
        catch (GenQException)
        {
            // They have moved: hits have no links until somebody says where they are.
            return [];
        }
    }
}
