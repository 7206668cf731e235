using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Compute;
using GenQ.Data;

namespace GenQ;

/// <summary>
/// genq.json: the settings of a run and, for every stage, what its output depends on. It runs a stage unless its output is there, and
/// refuses to mix outputs of other settings or inputs, saying what differs. What only makes a difference in speed is written down, not compared.
/// </summary>
internal sealed class RunLedger
{
    // In their order: where a later one has begun, what it is to do stays as it was said.
    private static readonly string[] Order = ["passages", "generate", "filter", "train", "index", "export", "evaluate"];

    private readonly string _path;
    private readonly RunRecords _records;

    /// <summary>Opens the file, or begins one.</summary>
    /// <exception cref="GenQException">It is not JSON, or a newer GenQ has written it.</exception>
    public RunLedger(string path) => (_path, _records) = (path, new RunRecords(path));

    /// <summary>The settings of the stages that are there.</summary>
    /// <exception cref="GenQException">The folder is no run, or its settings are damaged.</exception>
    public GenQSettings Settings
    {
        get
        {
            if (_records.Root["settings"] is not JsonObject settings)
            {
                throw new GenQException($"'{Folder}' is not the folder of a run: it has no genq.json.")
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

    private string Folder => Path.GetDirectoryName(_path)!;

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
        IReadOnlyDictionary<string, string> identity = stage.Identity();
        using FileStream held = Hold();
        string[] differences = _records.Differences(stage.Name, identity);
        if (differences.Length > 0 || !_records.IsBegun(stage.Name)) stage.Discard?.Invoke();
        bool isMade = stage.IsMade(), hasOutput = stage.HasOutput?.Invoke() ?? isMade;
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
            await stage.Make(cancellation).ConfigureAwait(false);
        }

        // To count what is there takes a moment: who does not listen does not wait for it.
        if (progress is not null) progress.Tell(stage.Name, isMade ? StageMoment.WasThere : StageMoment.Finished, stage.Totals());
        return !isMade;
    }

    /// <summary>Writes settings down that all stages agree with: those that only say where something lies may be other ones now.</summary>
    public void Save(GenQSettings settings)
    {
        _records.Root["settings"] = SettingsSchema<GenQSettings>.ToJson(settings);
        AtomicFile.WriteText(_path, writer => writer.WriteLine(_records.Root.ToJsonString(IndentedJson.Options)));
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
        Save(settings);
    }

    // The system frees it when the process ends, however it ends.
    private FileStream Hold()
    {
        string file = new RunFolder(Folder).Lock;
        try
        {
            Directory.CreateDirectory(Folder);
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw File.Exists(file)
                ? new GenQException($"Another process works on the run '{Folder}': wait until it has ended, or choose another output folder.", e) { Where = file }
                : new GenQException($"'{Folder}' cannot be written: {e.Message} Free some space or choose another output folder.", e) { Where = Folder };
        }
    }

    private GenQException Mixed(Stage stage, string[] differences) => new(
        $"The stage '{stage.Name}' of '{Folder}' was run with other settings or inputs: {string.Join("; ", differences)}. "
        + $"Use the old ones, or another output folder; or delete {stage.Output} there, and the stage begins anew.")
    {
        Where = Path.Combine(Folder, stage.Name),
        Got = string.Join("; ", differences),
    };
}
