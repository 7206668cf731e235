using GenQ.Data;
using GenQ.Retrieval;
using GenQ.Text;

namespace GenQ;

/// <summary>Whether the files of a run are what its stages have written: genq.json knows most of them, and the others say it themselves.</summary>
internal sealed class RunCheck
{
    private readonly RunFolder _run;
    private readonly List<FileFinding> _findings = [];
    private readonly List<string> _unrecorded = [];

    private RunCheck(RunFolder run) => _run = run;

    /// <summary>What was found, stage by stage.</summary>
    public IReadOnlyList<FileFinding> Findings => _findings;

    /// <summary>Stages that have run, of whose files genq.json knows none: an older GenQ has run them, or they have not ended.</summary>
    public IReadOnlyList<string> Unrecorded => _unrecorded;

    /// <summary>How many files were looked at.</summary>
    public int Files { get; private set; }

    /// <summary>Whether nothing is damaged or missing. What people have changed, and what nobody reads, is neither.</summary>
    public bool IsWhole => !_findings.Any(found => found.State is FileState.Damaged or FileState.Missing);

    /// <summary>Looks at every file of a run.</summary>
    /// <exception cref="GenQException">The folder is no run, or its genq.json is damaged.</exception>
    public static RunCheck Of(RunFolder run)
    {
        if (!File.Exists(run.Settings))
            throw new GenQException($"'{run.Path}' has no genq.json, which knows the files of a run. Put it back from a copy, or name the folder of a run.") { Where = run.Settings };
        RunRecords records = new(run.Settings);
        RunCheck check = new(run);
        RunFiles files = new(run);
        foreach (string stage in RunLedger.Order.Where(records.IsBegun))
        {
            IReadOnlyDictionary<string, RecordedFile>? recorded = records.Files(stage);
            if (recorded is not { Count: > 0 }) check._unrecorded.Add(stage);
            check.Files += recorded?.Count ?? 0;
            check._findings.AddRange(files.Verify(stage, recorded));
        }

        check.OpenThoseThatSayItThemselves(files);
        return check;
    }

    /// <summary>Takes away what a stage makes anew, and what an interrupted write has left. Nothing else is touched.</summary>
    /// <returns>What was taken away.</returns>
    public IReadOnlyList<string> TakeAway()
    {
        IEnumerable<string> leftovers = Directory.EnumerateFiles(_run.Path, "*" + AtomicFile.PartialSuffix, SearchOption.AllDirectories)
            .Where(file => file[..^AtomicFile.PartialSuffix.Length] is { } whole && (whole == _run.Settings || StageFile.Of(_run).Any(owned => owned.Holds(whole))));
        IEnumerable<string> damaged = _findings.Where(IsMadeAnew).SelectMany(found => (IEnumerable<string>)[found.Path, found.Owner.Sign ?? found.Path]);
        string[] taken = [.. damaged.Concat(leftovers).Distinct().Where(Path.Exists)];
        foreach (string path in taken) Disk.Current.Delete(path);
        return taken;
    }

    /// <summary>Whether it is made anew once it is taken away.</summary>
    public static bool IsMadeAnew(FileFinding found)
        => found.State is FileState.Damaged or FileState.Missing && (found.Owner.Care == FileCare.MadeAnew || (found.Owner.Care == FileCare.Unrecorded && found.Owner.Sign is not null));

    // Vectors, words and checkpoints carry checksums, also where an older GenQ has written genq.json; logs and judgements are lines of JSON.
    private void OpenThoseThatSayItThemselves(RunFiles files)
    {
        HashSet<string> known = [.. _findings.Select(found => found.Path)];
        foreach ((string folder, string stage) in (IEnumerable<(string, string)>)[(_run.BaseVectors, "filter"), (_run.IndexFolder, "index"), (_run.EvaluationVectors, "evaluate")])
        {
            foreach (string file in In(folder, "*.vectors*"))
                Open(file, stage, sign: file, () => PassageIndex.Open(file, model: null, mostChecked: long.MaxValue).Dispose());
        }

        foreach (string file in In(_run.IndexFolder, Path.GetFileName(_run.WordIndex))) Open(file, "index", sign: file, () => Bm25Index.Load(file, mostChecked: long.MaxValue));
        foreach (string file in In(_run.Checkpoints, "*.safetensors"))
        {
            Open(file, "train", sign: _run.Checkpoints, () =>
            {
                SafeTensors.RequireSeal(file);
                _ = SafeTensors.ReadHeader(file);
            });
        }

        if (File.Exists(_run.TrainingLog)) Open(_run.TrainingLog, "train", sign: null, () => _ = JsonLine.Read(_run.TrainingLog).Count());
        foreach (string file in In(_run.Labelled, "*.jsonl")) Open(file, "labelled", sign: null, () => _ = JsonLine.Read(file).Count());

        void Open(string file, string stage, string? sign, Action open)
        {
            if (known.Contains(file)) return;
            Files++;
            try
            {
                open();
            }
            catch (GenQException e)
            {
                _findings.Add(new FileFinding(new StageFile(stage, file, FileCare.Unrecorded, sign), file, files.NameOf(file), FileState.Damaged, null, e.Message));
            }
        }
    }

    private static string[] In(string folder, string pattern)
        => Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, pattern).Where(file => !file.EndsWith(AtomicFile.PartialSuffix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
            : [];
}
