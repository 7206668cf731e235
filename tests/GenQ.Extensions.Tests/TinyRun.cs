using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Onnx;
using GenQ.Retrieval;
using GenQ.Text;

namespace GenQ.Extensions.Tests;

/// <summary>A run of a tiny model, made without torch. It is deleted at the end of a test.</summary>
internal sealed class TinyRun : IDisposable
{
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of the tiny model.</summary>
    public static string Model { get; } = Path.Combine(Root, "tests", "Golden", "checkpoints", "mpnet-tiny");

    private static readonly Lazy<string> Export = new(() =>
    {
        string folder = Directory.CreateTempSubdirectory("genq-test-onnx-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        OnnxExport.Write(Model, folder);
        return folder;
    });

    public TinyRun(params string[] texts)
    {
        Copy(Export.Value, Run.Onnx);
        Write(texts);
    }

    public RunFolder Run { get; } = new(Path.Combine(Directory.CreateTempSubdirectory("genq-test-").FullName, "run"));

    public string Folder => Run.Path;

    /// <summary>Gives the run other passages, and an index of them.</summary>
    public void Write(params string[] texts)
    {
        Passage[] passages = [.. texts.Select((text, i) => new Passage($"p{i}", text, $"Title {i}", new PassageOrigin($"file{i}.md", $"d{i}", i + 1, 0, text.Length)))];
        using OnnxEncoder encoder = OnnxEncoder.OfRun(Run);
        PassageFile.Write(Run.Passages, passages);
        RunIndex.Write(Run, encoder, passages, Array.Empty<string>().ToLookup(_ => 0), null, default);
        RunIndex.WriteWordsWeight(Run, 0.5f);
        JsonObject identity = new(RunIndex.Identity(encoder.ModelHash, Fingerprint.OfFile(Run.Passages), null).Select(part => KeyValuePair.Create(part.Key, (JsonNode?)part.Value)));
        JsonObject index = new() { ["identity"] = identity, ["recorded"] = new JsonObject { ["version"] = RunRecords.Version } };
        File.WriteAllText(Run.Settings, new JsonObject { ["index"] = index }.ToJsonString());
    }

    public static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, File.ReadAllBytes(file));
        }
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "GenQ.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
