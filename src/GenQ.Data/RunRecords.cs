using System.Text.Json;
using System.Text.Json.Nodes;

namespace GenQ.Data;

/// <summary>genq.json as it is read: the settings of a run and, for every stage that was begun, what its output depends on.</summary>
internal sealed class RunRecords
{
    // What stages of version 0.1 wrote down besides: options that are gone, and those that decide nothing.
    private static readonly HashSet<string> Retired = ["batch size", "checkpoint every", "copy bias", "device", "round trip"];

    /// <summary>Opens the file, or begins one.</summary>
    /// <exception cref="GenQException">It is not JSON, or a newer GenQ has written it.</exception>
    public RunRecords(string path)
    {
        try
        {
            Root = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsObject() : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new GenQException($"'{path}' is damaged: {e.Message} Delete the run folder, or restore the file.", e) { Where = path };
        }

        RequireKnownVersion(path);
    }

    /// <summary>The version of GenQ: three numbers.</summary>
    public static string Version { get; } = typeof(RunRecords).Assembly.GetName().Version!.ToString(3);

    /// <summary>The whole file.</summary>
    public JsonObject Root { get; }

    /// <summary>Whether a stage was begun.</summary>
    public bool IsBegun(string stage) => Root[stage] is not null;

    /// <summary>Whether a stage was begun with this identity.</summary>
    public bool IsBegunWith(string stage, IReadOnlyDictionary<string, string> identity) => IsBegun(stage) && Differences(stage, identity).Length == 0;

    /// <summary>A part of the identity that a stage was begun with; <see langword="null"/> where it was not.</summary>
    public string? Begun(string stage, string name) => Root[stage]?["identity"]?[name]?.GetValue<string>();

    /// <summary>In what an identity differs from the one that a stage was begun with, in words; nothing where it was not begun.</summary>
    public string[] Differences(string stage, IReadOnlyDictionary<string, string> identity)
        => [.. DifferingParts(stage, identity).Select(name => $"{name} was {Begun(stage, name) ?? "not set"}, is now {identity.GetValueOrDefault(name) ?? "not set"}")];

    /// <summary>The names of the parts in which an identity differs from the one that a stage was begun with; none where it was not begun.</summary>
    public string[] DifferingParts(string stage, IReadOnlyDictionary<string, string> identity)
    {
        if (Root[stage]?["identity"] is not JsonObject begun) return [];
        IEnumerable<string> gone = begun.Select(setting => setting.Key).Where(name => !identity.ContainsKey(name) && !Retired.Contains(name));
        return [.. identity.Keys.Concat(gone).Where(name => Begun(stage, name) != identity.GetValueOrDefault(name))];
    }

    // A patch changes no file; what a later minor version has written may mean something that this one does not know.
    private void RequireKnownVersion(string path)
    {
        Version own = System.Version.Parse(Version);
        foreach ((string stage, JsonNode? record) in Root)
        {
            if (!System.Version.TryParse(record is JsonObject ? record["recorded"]?["version"]?.GetValue<string>() : null, out Version? made)) continue;
            if ((made.Major, made.Minor).CompareTo((own.Major, own.Minor)) <= 0) continue;
            throw new GenQException(
                $"The stage '{stage}' of '{System.IO.Path.GetDirectoryName(path)}' was made by GenQ {made.ToString(3)}, this is {Version}: update GenQ, or begin another run.")
            {
                Where = path,
                Expected = $"at most {Version}",
                Got = made.ToString(3),
            };
        }
    }
}
