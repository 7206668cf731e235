using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Training;

namespace GenQ.Tests.Faults;

/// <summary>A run of tiny networks on sixteen lines, with every stage: it takes about a second.</summary>
internal sealed class SmallRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallRun()
    {
        Directory.CreateDirectory(_folder["docs"]);
        for (int i = 0; i < 16; i++) File.WriteAllText(_folder["docs", $"doc{i}.md"], $"# Topic {i}\n\nThis is topic {i} of the handbook: what is to be done with part {i}.\n");
        Settings = new GenQSettings
        {
            Corpus = CorpusSource.Documents(_folder["docs"]),
            Generator = Shared.Golden("checkpoints", "t5-tiny"),
            Base = Shared.Golden("checkpoints", "mpnet-tiny"),
            Precision = Precision.Fp32,
            Query = new QuerySettings { MaxLength = 6, Count = 2 },
            FilterRank = 20,
            Training = new BiEncoderTrainerOptions { BatchSize = 6, MaxSteps = 4, CheckpointEvery = 2 },
        };
    }

    public GenQSettings Settings { get; }

    /// <summary>The folder of a run: all are called alike, since a model's card has the name.</summary>
    public RunFolder Of(string name) => new(_folder[name, "run"]);

    /// <summary>Makes the run, or goes on with it.</summary>
    public async Task<List<string>> RunAsync(RunFolder run, Disk? disk = null)
    {
        List<string> said = [];
        SynchronousProgress<StageProgress> progress = new(p =>
        {
            if (p.Moment == StageMoment.Said) said.Add(p.Words);
        });
        if (disk is not null) Disk.Current = disk;
        await new GenQPipeline(run.Path, Settings, progress).RunAsync();
        return said;
    }

    /// <summary>What a run holds, without what tells the time.</summary>
    public static SortedDictionary<string, string> Content(RunFolder run)
    {
        SortedDictionary<string, string> content = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(run.Path, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(run.Path, file).Replace('\\', '/');
            content[name] = name == "report/report.html" ? "a page" : WithoutTimes(name, File.ReadAllBytes(file));
        }

        return content;
    }

    /// <summary>Copies a run.</summary>
    public RunFolder Copy(RunFolder from, string name)
    {
        RunFolder to = Of(name);
        if (Directory.Exists(to.Path)) Directory.Delete(to.Path, recursive: true);
        foreach (string file in Directory.EnumerateFiles(from.Path, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to.Path, Path.GetRelativePath(from.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
            File.SetLastWriteTimeUtc(copy, File.GetLastWriteTimeUtc(file));
        }

        return to;
    }

    public void Dispose() => _folder.Dispose();

    private static string WithoutTimes(string name, byte[] content)
    {
        try
        {
            return name switch
            {
                "genq.json" => WithoutTimes(JsonNode.Parse(content)!.AsObject()).ToJsonString(),
                "training.jsonl" => string.Join('\n', Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Without(JsonNode.Parse(line)!.AsObject(), "pairs_per_second", "seconds_left").ToJsonString())),

                // It knows the times of the model's files.
                "onnx/genq-onnx.json" => Without(JsonNode.Parse(content)!.AsObject(), "model_stamp").ToJsonString(),
                _ => Convert.ToHexString(SHA256.HashData(content)),
            };
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or NullReferenceException)
        {
            return Convert.ToHexString(SHA256.HashData(content));
        }
    }

    private static JsonObject WithoutTimes(JsonObject records)
    {
        foreach (JsonObject record in Without(records, "integrity").Select(stage => stage.Value).OfType<JsonObject>())
        {
            Without(record, "recorded");
            if (record["files"] is JsonObject files) Without(files, "onnx/genq-onnx.json", "training.jsonl");
        }

        return records;
    }

    private static JsonObject Without(JsonObject json, params string[] names)
    {
        foreach (string name in names) json.Remove(name);
        return json;
    }
}
