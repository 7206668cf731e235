using System.Collections.ObjectModel;

namespace GenQ.Data;

/// <summary>The files of a run as they are on the disk, beside what genq.json knows of them. A file is read once, unless it changes.</summary>
internal sealed class RunFiles(RunFolder run)
{
    private readonly IReadOnlyList<StageFile> _owned = StageFile.Of(run);
    private readonly Dictionary<string, (long Size, DateTime Written, RecordedFile Content)> _read = [];

    /// <summary>What a stage has written, by the path below the run: what genq.json is to know of it.</summary>
    /// <exception cref="GenQException">A file cannot be read.</exception>
    public SortedDictionary<string, RecordedFile> Written(string stage)
    {
        SortedDictionary<string, RecordedFile> written = new(StringComparer.Ordinal);
        foreach ((string file, _) in There(stage))
        {
            try
            {
                written[NameOf(file)] = Read(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new GenQException($"'{file}' cannot be read: {e.Message}", e) { Where = file };
            }
        }

        return written;
    }

    /// <summary>What of a stage's files is not what was written.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="recorded">What genq.json knows; where it knows of none, nothing can be said.</param>
    public IReadOnlyList<FileFinding> Verify(string stage, IReadOnlyDictionary<string, RecordedFile>? recorded)
    {
        if (recorded is not { Count: > 0 }) return [];
        return [.. Verify(recorded), .. There(stage).Where(found => !recorded.ContainsKey(NameOf(found.File)))
            .Select(found => new FileFinding(found.Owner, found.File, NameOf(found.File), FileState.Unknown, null, "a file"))];
    }

    /// <summary>Which of some files are not what was written.</summary>
    /// <param name="recorded">What genq.json knows of them, by the path below the run.</param>
    public IReadOnlyList<FileFinding> Verify(IEnumerable<KeyValuePair<string, RecordedFile>> recorded)
    {
        List<FileFinding> findings = [];
        foreach ((string name, RecordedFile expected) in recorded)
        {
            string file = Path.Combine(run.Path, name);
            if (_owned.FirstOrDefault(owned => owned.Holds(file)) is not { } owner) continue;
            try
            {
                RecordedFile got = Read(file);
                if (got != expected) findings.Add(new(owner, file, name, owner.Care == FileCare.Editable ? FileState.Changed : FileState.Damaged, expected, got.ToString()));
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                findings.Add(new(owner, file, name, FileState.Missing, expected, "nothing"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                findings.Add(new(owner, file, name, FileState.Damaged, expected, e.Message));
            }
        }

        return findings;
    }

    /// <summary>Refuses to read what is not what a stage has written. What people may change is read.</summary>
    /// <param name="recorded">What genq.json knows of the stage's files; <see langword="null"/> where an older GenQ has run it, and nothing can be said.</param>
    /// <param name="path">The file that is read, or the folder with all that it holds.</param>
    /// <param name="mostBytes">A file of more bytes is believed.</param>
    /// <exception cref="GenQException">A file is damaged, changed or missing.</exception>
    public void RequireWritten(IReadOnlyDictionary<string, RecordedFile>? recorded, string path, long mostBytes = long.MaxValue)
    {
        string name = NameOf(path);
        FileFinding[] damaged = [.. Verify((recorded ?? ReadOnlyDictionary<string, RecordedFile>.Empty)
            .Where(file => (file.Key == name || file.Key.StartsWith(name + "/", StringComparison.Ordinal)) && file.Value.Size <= mostBytes)).Where(found => found.State != FileState.Changed)];
        if (damaged.Length > 0) throw damaged[0].ToError(run, damaged.Length - 1);
    }

    /// <summary>The path below the run, with "/".</summary>
    public string NameOf(string file) => Path.GetRelativePath(run.Path, file).Replace('\\', '/');

    // What is half written, or hidden as desktops leave their notes, is nobody's.
    private IEnumerable<(string File, StageFile Owner)> There(string stage)
        => _owned.Where(owned => owned.Stage == stage && owned.Care != FileCare.Unrecorded).SelectMany(owned => FilesOf(owned.Path).Select(file => (File: file, Owner: owned)))
            .Where(found => _owned.First(owned => owned.Holds(found.File)) == found.Owner);

    private static IEnumerable<string> FilesOf(string path)
        => File.Exists(path) ? [path]
            : !Directory.Exists(path) ? []
            : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Where(file => !file.EndsWith(AtomicFile.PartialSuffix, StringComparison.Ordinal) && !Path.GetFileName(file).StartsWith('.'));

    private RecordedFile Read(string file)
    {
        FileInfo now = new(file);
        if (now.Exists && _read.TryGetValue(file, out (long Size, DateTime Written, RecordedFile Content) known) && (known.Size, known.Written) == (now.Length, now.LastWriteTimeUtc))
            return known.Content;
        RecordedFile content = RecordedFile.Of(file);
        _read[file] = (now.Length, now.LastWriteTimeUtc, content);
        return content;
    }
}
