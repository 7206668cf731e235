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
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

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

    /// <summary>The settings that the run was begun with; only the first ones are written down.</summary>
    /// <exception cref="GenQException">The folder is no run.</exception>
    public GenQSettings Settings
    {
        get => _root["settings"]?.Deserialize<GenQSettings>(Json)
            ?? throw new GenQException($"'{Path.GetDirectoryName(_path)}' is not the folder of a run: it has no genq.json. Begin one with 'genq run DOCS -o RUN'.");
        set
        {
            if (_root["settings"] is not null) return;
            _root["settings"] = JsonSerializer.SerializeToNode(value, Json);
            Save();
        }
    }

    /// <summary>Compares what a stage depends on with what it was begun with, and writes it down if it is new.</summary>
    /// <exception cref="GenQException">They differ; the message says in what.</exception>
    public void Begin(string stage, IReadOnlyDictionary<string, string> identity)
    {
        if (_root[stage]?["identity"] is JsonObject begun)
        {
            string[] differences = [.. identity
                .Where(setting => begun[setting.Key]?.GetValue<string>() != setting.Value)
                .Select(setting => $"{setting.Key} was {begun[setting.Key]?.GetValue<string>() ?? "not set"}, is now {setting.Value}")];
            if (differences.Length == 0) return;
            throw new GenQException(
                $"The stage '{stage}' of '{Path.GetDirectoryName(_path)}' was run with other settings: {string.Join("; ", differences)}. "
                + "Use the old settings, or another output folder.");
        }

        _root[stage] = new JsonObject
        {
            ["identity"] = new JsonObject(identity.Select(setting => KeyValuePair.Create(setting.Key, (JsonNode?)setting.Value))),
            ["recorded"] = new JsonObject
            {
                ["begun"] = TimeProvider.System.GetUtcNow().ToString("u", CultureInfo.InvariantCulture),
                ["cpu"] = JsonSerializer.SerializeToNode(CpuFeatures.Current, Json),
                ["threads"] = Environment.ProcessorCount,
                ["version"] = typeof(RunLedger).Assembly.GetName().Version?.ToString(3),
            },
        };
        Save();
    }

    private void Save() => AtomicFile.WriteText(_path, writer => writer.WriteLine(_root.ToJsonString(Json)));
}
