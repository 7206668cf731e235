using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Compute;
using GenQ.Data;

namespace GenQ;

/// <summary>
/// genq.json: the settings of a run and, for every stage, what its output depends on. A stage refuses to mix its output
/// with that of other settings and says what differs. What only makes a difference in speed is written down, not compared.
/// </summary>
internal sealed class RunLedger
{
    // The stages that compare what they depend on, in their order, each with what it writes.
    private static readonly (string Stage, string Output)[] Stages =
    [
        ("passages", "passages.jsonl"),
        ("generate", "heldout/ and pairs/"),
        ("filter", "filter-summary.json"),
        ("train", "model/ and checkpoints/"),
        ("index", "index/"),
        ("evaluate", "report/"),
    ];

    // A run that does not name its seed has the default one.
    private static readonly Dictionary<string, string> Unnamed = new() { ["seed"] = "42" };

    private readonly string _path;
    private readonly JsonObject _root;

    /// <summary>Opens the file, or begins one.</summary>
    /// <exception cref="GenQException">It is not JSON.</exception>
    public RunLedger(string path)
    {
        _path = path;
        try
        {
            _root = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsObject() : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new GenQException($"'{path}' is damaged: {e.Message} Delete the run folder, or restore the file.", e);
        }
    }

    /// <summary>The settings of the stages that are there.</summary>
    /// <exception cref="GenQException">The folder is no run, or its settings are damaged.</exception>
    public GenQSettings Settings
    {
        get
        {
            try
            {
                return _root["settings"]?.Deserialize<GenQSettings>(IndentedJson.Options)
                    ?? throw new GenQException($"'{Path.GetDirectoryName(_path)}' is not the folder of a run: it has no genq.json. Begin one with 'genq run DOCS -o RUN'.");
            }
            catch (Exception e) when (e is JsonException or ArgumentException)
            {
                throw new GenQException($"The settings in '{_path}' are damaged: {e.Message} Mend them, or begin another run.", e);
            }
        }
    }

    /// <summary>
    /// Compares what a stage depends on with what its output was made with. A stage without output may begin with anything: that
    /// is written down, and the settings with it.
    /// </summary>
    /// <param name="stage">The stage's name.</param>
    /// <param name="identity">What it depends on, by name.</param>
    /// <param name="settings">What the run is asked to do.</param>
    /// <param name="hasOutput">Whether it has written anything yet.</param>
    /// <exception cref="GenQException">They differ; the message says in what.</exception>
    public void Begin(string stage, IReadOnlyDictionary<string, string> identity, GenQSettings settings, bool hasOutput)
    {
        if (hasOutput && _root[stage] is not null)
        {
            string[] differences = Differences(stage, identity);
            int number = Array.FindIndex(Stages, other => other.Stage == stage);
            if (differences.Length == 0)
            {
                // As long as no later stage has begun, what those are to do may still be said anew.
                if (!Stages.Skip(number + 1).Any(later => _root.ContainsKey(later.Stage))) Save(settings);
                return;
            }

            throw new GenQException(
                $"The stage '{stage}' of '{Path.GetDirectoryName(_path)}' was run with other settings or inputs: {string.Join("; ", differences)}. "
                + $"Use the old ones, or another output folder; or delete {Stages[number].Output} there, and the stage begins anew.");
        }

        _root[stage] = new JsonObject
        {
            ["identity"] = new JsonObject(identity.Select(setting => KeyValuePair.Create(setting.Key, (JsonNode?)setting.Value))),
            ["recorded"] = new JsonObject
            {
                ["begun"] = TimeProvider.System.GetUtcNow().ToString("u", CultureInfo.InvariantCulture),
                ["cpu"] = JsonSerializer.SerializeToNode(CpuFeatures.Current, IndentedJson.Options),
                ["threads"] = Environment.ProcessorCount,
                ["version"] = typeof(RunLedger).Assembly.GetName().Version?.ToString(3),
            },
        };
        Save(settings);
    }

    /// <summary>Writes settings down that all stages agree with: those that only say where something lies may be other ones now.</summary>
    public void Save(GenQSettings settings)
    {
        _root["settings"] = ToJson(settings);
        AtomicFile.WriteText(_path, writer => writer.WriteLine(_root.ToJsonString(IndentedJson.Options)));
    }

    /// <summary>Whether these are the settings that are written down.</summary>
    public bool Holds(GenQSettings settings) => JsonNode.DeepEquals(ToJson(Settings), ToJson(settings));

    /// <summary>Whether a stage was begun with all of this, whatever else it depends on.</summary>
    public bool IsBegunWith(string stage, IReadOnlyDictionary<string, string> identity)
        => _root[stage] is not null && Differences(stage, identity).Length == 0;

    private static JsonNode? ToJson(GenQSettings settings) => JsonSerializer.SerializeToNode(settings, IndentedJson.Options);

    private string[] Differences(string stage, IReadOnlyDictionary<string, string> identity)
    {
        JsonNode? begun = _root[stage]!["identity"];
        return [.. identity
            .Select(setting => (setting.Key, Was: begun?[setting.Key]?.GetValue<string>() ?? Unnamed.GetValueOrDefault(setting.Key), Is: setting.Value))
            .Where(setting => setting.Was != setting.Is)
            .Select(setting => $"{setting.Key} was {setting.Was ?? "not set"}, is now {setting.Is}")];
    }
}
