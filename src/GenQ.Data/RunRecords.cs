using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GenQ.Data;

/// <summary>genq.json as it is read: the settings of a run and, for every stage that was begun, what its output depends on.</summary>
internal sealed class RunRecords
{
    private const string IdentityName = "identity", RecordedName = "recorded", FilesName = "files", IntegrityName = "integrity", HashName = "sha256";

    // What stages of version 0.1 wrote down besides: options that are gone, and those that decide nothing.
    private static readonly HashSet<string> Retired = ["batch size", "checkpoint every", "copy bias", "device", "round trip"];

    /// <summary>Opens the file, or begins one.</summary>
    /// <exception cref="GenQException">It is damaged, or a newer GenQ has written it.</exception>
    public RunRecords(string path)
    {
        try
        {
            Root = File.Exists(path) ? Read(File.ReadAllText(path)) : [];
        }
        catch (JsonException e)
        {
            throw Damaged(path, e.Message, e);
        }

        RequireKnownVersion(path);
        if (Root[IntegrityName]?[HashName]?.GetValue<string>() is { } hash && hash != HashOfStages())
            throw Damaged(path, "what it says of the stages is not what was written.");
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
    public string? Begun(string stage, string name) => Root[stage]?[IdentityName]?[name]?.GetValue<string>();

    /// <summary>In what an identity differs from the one that a stage was begun with, in words; nothing where it was not begun.</summary>
    public string[] Differences(string stage, IReadOnlyDictionary<string, string> identity)
        => [.. DifferingParts(stage, identity).Select(name => $"{name} was {Begun(stage, name) ?? "not set"}, is now {identity.GetValueOrDefault(name) ?? "not set"}")];

    /// <summary>The names of the parts in which an identity differs from the one that a stage was begun with; none where it was not begun.</summary>
    public string[] DifferingParts(string stage, IReadOnlyDictionary<string, string> identity)
    {
        if (Root[stage]?[IdentityName] is not JsonObject begun) return [];
        IEnumerable<string> gone = begun.Select(setting => setting.Key).Where(name => !identity.ContainsKey(name) && !Retired.Contains(name));
        return [.. identity.Keys.Concat(gone).Where(name => Begun(stage, name) != identity.GetValueOrDefault(name))];
    }

    /// <summary>What a stage has written, by the path below the run; nothing where it has not ended, <see langword="null"/> where an older GenQ has run it.</summary>
    public IReadOnlyDictionary<string, RecordedFile>? Files(string stage)
        => (Root[stage]?[FilesName] as JsonObject)?.ToDictionary(file => file.Key, file => file.Value.Deserialize<RecordedFile>(IndentedJson.Options)!);

    /// <summary>Takes down what a stage has written.</summary>
    /// <param name="stage">A stage that was begun.</param>
    /// <param name="files">By the path below the run; none while the stage works, <see langword="null"/> where that is not to be known.</param>
    public void SetFiles(string stage, IReadOnlyDictionary<string, RecordedFile>? files)
    {
        JsonObject record = Root[stage]!.AsObject();
        if (files is null) record.Remove(FilesName);
        else record[FilesName] = new JsonObject(files.Select(file => KeyValuePair.Create(file.Key, JsonSerializer.SerializeToNode(file.Value, IndentedJson.Options))));
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="GenQException">It cannot be written.</exception>
    public void Save(string path)
    {
        Root.Remove(IntegrityName);
        Root[IntegrityName] = new JsonObject { [HashName] = HashOfStages() };
        AtomicFile.WriteText(path, writer => writer.WriteLine(Root.ToJsonString(IndentedJson.Options)));
    }

    private static JsonObject Read(string text)
    {
        JsonObject root = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
            ?? throw new JsonException("an object was expected.");
        foreach ((string name, JsonNode? part) in root)
        {
            if (part is not JsonObject record) throw new JsonException($"\"{name}\" is no object.");
            foreach (string inner in (string[])[IdentityName, RecordedName, FilesName])
                if (record.TryGetPropertyValue(inner, out JsonNode? value) && value is not JsonObject) throw new JsonException($"\"{inner}\" of \"{name}\" is no object.");
            IEnumerable<JsonNode?> texts = [.. (record[IdentityName] as JsonObject ?? []).Select(entry => entry.Value), record[RecordedName]?["version"] ?? "", record[HashName] ?? ""];
            if (texts.Any(text => text?.GetValueKind() != JsonValueKind.String)) throw new JsonException($"\"{name}\" holds something else where a text was expected.");
            foreach ((_, JsonNode? file) in record[FilesName] as JsonObject ?? []) _ = file?.Deserialize<RecordedFile>(IndentedJson.Options)?.Sha256 ?? throw new JsonException($"\"{name}\" knows a file without its hash.");
        }

        return root;
    }

    // People may mend settings by hand, and where and when a stage ran decides nothing.
    private string HashOfStages()
    {
        JsonObject stages = new(Root.Where(part => part.Key is not ("settings" or IntegrityName)).Select(part => KeyValuePair.Create(
            part.Key, (JsonNode?)new JsonObject { [IdentityName] = part.Value?[IdentityName]?.DeepClone(), [FilesName] = part.Value?[FilesName]?.DeepClone() })));
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(stages)));
    }

    private static GenQException Damaged(string path, string what, Exception? cause = null) => new(
        $"'{path}' is damaged: {what} Put it back from a copy, or begin the run in another output folder.", cause!)
    {
        Where = path,
    };

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
