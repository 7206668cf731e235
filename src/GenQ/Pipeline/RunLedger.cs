using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Text;

namespace GenQ;

/// <summary>
/// genq.json: the settings of a run and, for every stage, what its output depends on. It runs a stage unless its output is there, and
/// refuses to mix outputs of other settings or inputs, saying what differs. What only makes a difference in speed is written down, not compared.
/// </summary>
internal sealed class RunLedger
{
    /// <summary>The stages in their order: where a later one has begun, what it is to do stays as it was said.</summary>
    internal static readonly string[] Order = ["passages", "generate", "filter", "train", "index", "export", "evaluate"];

    private readonly string _path;
    private readonly RunFolder _run;
    private readonly RunFiles _files;
    private readonly HashSet<string> _said = [];
    private RunRecords _records;
    private RunLock? _lock;
    private int _holders;

    /// <summary>Opens the file, or begins one.</summary>
    /// <exception cref="GenQException">It is damaged, or a newer GenQ has written it.</exception>
    public RunLedger(string path)
    {
        (_path, _records, _run) = (path, new RunRecords(path), new RunFolder(Path.GetDirectoryName(path)!));
        _files = new RunFiles(_run);
    }

    /// <summary>The settings of the stages that are there.</summary>
    /// <exception cref="GenQException">The folder is no run, or its settings are damaged.</exception>
    public GenQSettings Settings
    {
        get
        {
            if (_records.Root["settings"] is not JsonObject settings)
            {
                throw new GenQException(File.Exists(_path)
                    ? $"'{_path}' says nothing of the run: its settings are gone. Put it back from a copy, or begin the run in another output folder."
                    : $"'{Folder}' is not the folder of a run: it has no genq.json.")
                {
                    Where = Folder,
                    Remedy = new Remedy.RunStage("run", Folder),
                };
            }

            try
            {
                return SettingsSchema<GenQSettings>.FromJson(OldSettings.Renew(settings));
            }
            catch (GenQException e)
            {
                throw new GenQException($"The settings in '{_path}' are damaged: {e.Message} Mend them, or begin another run.", e) { Where = _path };
            }
        }
    }

    private string Folder => _run.Path;

    /// <summary>Holds the run until this is disposed of: no other process works on it. Who holds it may do so again.</summary>
    /// <param name="work">What is done with it: a stage, or "run".</param>
    /// <exception cref="GenQException">Another process holds it, or the folder cannot be written.</exception>
    public IDisposable Hold(string work)
    {
        if (_holders == 0)
        {
            _lock = RunLock.Take(_run, work);
            try
            {
                // Another process may have gone on with the run since this one looked.
                _records = new RunRecords(_path);
            }
            catch
            {
                _lock.Dispose();
                throw;
            }
        }

        _holders++;
        return new Holding(this);
    }

    /// <summary>Refuses to go on with what earlier stages have written where it is not what they wrote, before anything is read of it.</summary>
    /// <param name="progress">Told of what people have changed.</param>
    /// <param name="stages">The stages whose output is taken over.</param>
    /// <exception cref="GenQException">A file is damaged, missing or foreign; the message says which.</exception>
    public void RequireWhole(IProgress<StageProgress>? progress, params IReadOnlyList<string> stages)
        => Refuse([.. stages.SelectMany(Findings)], progress);

    private IReadOnlyList<FileFinding> Findings(string stage) => _files.Verify(stage, _records.Files(stage));

    /// <summary>Makes a stage's output, unless it is there.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="settings">What the run is asked to do.</param>
    /// <param name="progress">Told when the stage begins and ends, and what came of it.</param>
    /// <param name="cancellation">Stops the stage where its output can be gone on with.</param>
    /// <exception cref="GenQException">An input is missing, or there is output of other settings or inputs; the message says which.</exception>
    public async Task RunAsync(Stage stage, GenQSettings settings, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        using Telemetry.Operation operation = Telemetry.Stage(stage.Name, Folder);
        try
        {
            operation.Tag("genq.stage.made", await MakeAsync(stage, settings, progress, cancellation).ConfigureAwait(false));
            operation.Complete();
        }
        catch (Exception e)
        {
            operation.Fail(e);
            throw;
        }
    }

    // Gives whether there was something to make.
    private async Task<bool> MakeAsync(Stage stage, GenQSettings settings, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        foreach ((string path, string holds, string madeBy) in stage.Inputs.Where(input => !Path.Exists(input.Path)))
            throw new GenQException($"'{Folder}' has no {holds} yet.") { Where = path, Expected = holds, Remedy = new Remedy.RunStage(madeBy, Folder) };
        using IDisposable held = Hold(stage.Name);
        IReadOnlyDictionary<string, string> identity = stage.Identity();
        string[] differences = _records.Differences(stage.Name, identity);
        if (!_records.IsBegun(stage.Name)) RequireNothingUnknown(stage);
        if (differences.Length > 0 || !_records.IsBegun(stage.Name)) stage.Discard?.Invoke();
        bool isMade = stage.IsMade(), hasOutput = stage.HasOutput?.Invoke() ?? isMade;
        if (differences.Length == 0 && TakeDamagedAway(stage.Name, isMade, hasOutput, progress)) isMade = false;
        if (isMade && differences.Length == 0 && _records.Files(stage.Name) is { Count: 0 }) isMade = IsEnded(stage);
        if (hasOutput && _records.IsBegun(stage.Name))
        {
            if (differences.Length > 0) throw Mixed(stage, differences);

            // As long as no later stage has begun, what those are to do may still be said anew.
            if (!Order.SkipWhile(name => name != stage.Name).Skip(1).Any(_records.IsBegun)) Save(settings);
        }
        else
        {
            Begin(stage.Name, identity, settings);
        }

        if (!isMade)
        {
            progress.Tell(stage.Name, StageMoment.Begun);
            if (_records.Files(stage.Name) is not { Count: 0 }) Record(stage.Name, new Dictionary<string, RecordedFile>());
            await stage.Make(cancellation).ConfigureAwait(false);
            stage.Clear?.Invoke();
            Record(stage.Name, _files.Written(stage.Name));
        }

        // To count what is there takes a moment: who does not listen does not wait for it.
        if (progress is not null) progress.Tell(stage.Name, isMade ? StageMoment.WasThere : StageMoment.Finished, stage.Totals());
        return !isMade;
    }

    // A process that was killed between the end of a work and its record. What cost much has a file that is written last; the rest is made once more.
    private bool IsEnded(Stage stage)
    {
        if (!StageFile.Of(_run).Any(owned => owned.Stage == stage.Name && owned.Care == FileCare.Kept)) return false;
        stage.Clear?.Invoke();
        Record(stage.Name, _files.Written(stage.Name));
        return true;
    }

    // What costs little is taken away, and the stage makes it anew; nothing goes on with damage to anything else. What people take away themselves they want made
    // anew. Gives whether something is to be made.
    private bool TakeDamagedAway(string stage, bool isMade, bool hasOutput, IProgress<StageProgress>? progress)
    {
        ILookup<bool, FileFinding> isMendable = Findings(stage).ToLookup(found => found.State != FileState.Unknown
            && (found.Owner.Care == FileCare.MadeAnew || (found.State == FileState.Missing && !(found.Owner.Care == FileCare.Kept ? hasOutput : isMade))));
        Refuse([.. isMendable[false]], progress);
        foreach (FileFinding found in isMendable[true].Where(found => found.Owner.Care == FileCare.MadeAnew))
        {
            progress.Say($"{found.InWords}: it is made anew");
            Disk.Current.Delete(found.Owner.Sign ?? found.Path);
        }

        return isMendable[true].Any();
    }

    private void Refuse(IReadOnlyList<FileFinding> findings, IProgress<StageProgress>? progress)
    {
        // What nobody reads may lie there.
        ILookup<bool, FileFinding> isToldOnly = findings
            .Where(found => found.State != FileState.Unknown || found.Owner.Care == FileCare.Editable || (found.Owner.Care == FileCare.Kept && HubFiles.IsDeciding(Path.GetRelativePath(found.Owner.Path, found.Path).Replace('\\', '/'))))
            .ToLookup(found => found.Owner.Care == FileCare.Editable);
        foreach (FileFinding found in isToldOnly[true].Where(found => _said.Add(found.Name))) progress.Say($"{found.Sentence(_run)}");
        FileFinding[] refused = [.. isToldOnly[false]];
        if (refused.Length > 0) throw refused[0].ToError(_run, refused.Length - 1);
    }

    // genq.json was lost, or is another run's: what lies there may be of other documents.
    private void RequireNothingUnknown(Stage stage)
    {
        StageFile[] unknown = [.. StageFile.Of(_run).Where(owned => !_records.IsBegun(owned.Stage) && owned.IsThere)];
        if (!unknown.Any(owned => owned.Stage == stage.Name && owned.Care is (FileCare.Kept or FileCare.Editable))) return;
        string names = string.Join(", ", unknown.Select(owned => _files.NameOf(owned.Path).Split('/')[0]).Distinct());
        throw new GenQException(
            $"'{Folder}' holds {names}, and genq.json does not know of what they were made: it was lost, or is of another run. "
            + $"Put it back from a copy, or begin in another output folder; or delete {names} there, and the run begins anew.")
        {
            Where = _path,
            Expected = $"a record of the stage '{stage.Name}'",
            Got = names,
        };
    }

    private void Record(string stage, IReadOnlyDictionary<string, RecordedFile> files)
    {
        _records.SetFiles(stage, files);
        _records.Save(_path);
    }

    /// <summary>Writes settings down that all stages agree with: those that only say where something lies may be other ones now.</summary>
    public void Save(GenQSettings settings)
    {
        _records.Root["settings"] = SettingsSchema<GenQSettings>.ToJson(settings);
        _records.Save(_path);
    }

    /// <summary>Whether these are the settings that are written down.</summary>
    public bool Holds(GenQSettings settings)
        => JsonNode.DeepEquals(SettingsSchema<GenQSettings>.ToJson(Settings), SettingsSchema<GenQSettings>.ToJson(settings));

    /// <summary>Whether a stage was begun with this identity.</summary>
    public bool IsBegunWith(string stage, IReadOnlyDictionary<string, string> identity)
        => _records.IsBegunWith(stage, identity);

    /// <summary>Whether a stage was begun, with an identity that differs in the first of these names, and in none that is not among them.</summary>
    public bool DiffersOnlyIn(string stage, IReadOnlyDictionary<string, string> identity, string first, params string[] others)
    {
        string[] parts = _records.DifferingParts(stage, identity);
        return parts.Contains(first) && parts.All(part => part == first || others.Contains(part));
    }

    /// <summary>A part of the identity that a stage was begun with; <see langword="null"/> where it was not.</summary>
    public string? Begun(string stage, string name) => _records.Begun(stage, name);

    private void Begin(string stage, IReadOnlyDictionary<string, string> identity, GenQSettings settings)
    {
        _records.Root[stage] = new JsonObject
        {
            ["identity"] = new JsonObject(identity.Select(setting => KeyValuePair.Create(setting.Key, (JsonNode?)setting.Value))),
            ["recorded"] = new JsonObject
            {
                ["begun"] = TimeProvider.System.GetUtcNow().ToString("u", CultureInfo.InvariantCulture),
                ["cpu"] = JsonSerializer.SerializeToNode(CpuFeatures.Current, IndentedJson.Options),
                ["threads"] = Environment.ProcessorCount,
                ["version"] = RunRecords.Version,
            },
        };
        _records.SetFiles(stage, new Dictionary<string, RecordedFile>());
        Save(settings);
    }

    private GenQException Mixed(Stage stage, string[] differences) => new(
        $"The stage '{stage.Name}' of '{Folder}' was run with other settings or inputs: {string.Join("; ", differences)}. "
        + $"Use the old ones, or another output folder; or delete {stage.Output} there, and the stage begins anew.")
    {
        Where = Path.Combine(Folder, stage.Name),
        Got = string.Join("; ", differences),
    };

    private sealed class Holding(RunLedger ledger) : IDisposable
    {
        private bool _isOver;

        public void Dispose()
        {
            if (_isOver) return;
            _isOver = true;
            if (--ledger._holders == 0) ledger._lock!.Dispose();
        }
    }
}
