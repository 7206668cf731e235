using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Filtering;
using GenQ.Reporting;

namespace GenQ.Tests.Reporting;

/// <summary>A measured run of three passages, written file by file. A test takes files away or puts others in their place.</summary>
internal sealed class TinyRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinyRun()
    {
        Folder = new RunFolder(_folder["pumps"]);
        Write(Folder.Settings, """
            {
              "settings": {"corpus": {"kind": "documents", "paths": ["manuals"]}, "seed": 7},
              "passages": {"identity": {"base": "ba5e"}, "recorded": {"begun": "2026-01-02 03:04:05Z", "cpu": {"avx2": true, "amx_bf16": false}, "threads": 2, "version": "0.2.0"}},
              "generate": {"identity": {"generator": "9e4e", "judge": "1d9e, threshold 0.6", "count": "2"}},
              "evaluate": {"identity": {"base": "ba5e", "model": "ada9"}, "recorded": {"begun": "2026-01-02 05:00:00Z"}}
            }
            """);
        PassageFile.Write(Folder.Passages, [
            new("oil.txt#1", "Oil the pump every week.", "Pumps > Oil", new PassageOrigin("oil.txt", "oil.txt", null, 0, 24)),
            new("oil.txt#2", "Never oil a hot pump.", "Pumps > Heat", new PassageOrigin("oil.txt", "oil.txt", null, 25, 46)),
            new("lamp.txt#1", "The red lamp glows when the pump runs dry.", null, new PassageOrigin("lamp.txt", "lamp.txt", null, 0, 42)),
        ]);
        Write(Folder.Skipped, """{"source":"plan.dwg","reason":"There is no reader for .dwg."}""");
        Write(Folder.HoldOut, """{"passages": ["lamp.txt#1"], "sentence": "Held out before generation: 1 of 2 documents, 1 of 3 passages."}""");
        QueryPassagePair[] pairs =
            [new("how often to oil", "Pumps > Oil Oil the pump every week."), new("pump", "Pumps > Oil Oil the pump every week."), new("oil a hot pump", "Pumps > Heat Never oil a hot pump."), new("", "Pumps > Heat Never oil a hot pump.")];
        PairFiles.Write(Folder.Pairs, 0, pairs, [.. pairs.Select((_, i) => new PairOrigin($"oil.txt#{(i / 2) + 1}", i % 2, PairKind.Generated, null))]);
        FilterFile.Write(Folder, pairs);
        Write(Folder.TrainingLog, """
            {"step":1,"steps":2,"loss":0.9,"learning_rate":1E-05,"gradient_norm":2.5}
            {"step":2,"steps":2,"loss":0.5,"learning_rate":0,"gradient_norm":1.5}
            """);
        Write(Folder.Report, """
            {
              "queries": 2, "precision": "fp32",
              "results": [
                {"model": "bm25", "ndcg@10": 0.5, "mrr@10": 0.5, "recall@10": 0.5, "recall@100": 1},
                {"model": "base", "ndcg@10": 0.6, "mrr@10": 0.5, "recall@10": 0.5, "recall@100": 1},
                {"model": "hybrid(base)", "ndcg@10": 0.65, "mrr@10": 0.5, "recall@10": 0.5, "recall@100": 1},
                {"model": "adapted", "ndcg@10": 0.8, "mrr@10": 0.5, "recall@10": 0.5, "recall@100": 1},
                {"model": "hybrid", "ndcg@10": 0.75, "mrr@10": 0.5, "recall@10": 0.5, "recall@100": 1}
              ],
              "difference": {"adapted - base": [0.1, 0.2, 0.3], "hybrid - hybrid(base)": [-0.1, 0.1, 0.3]},
              "kind": "generated", "verdict": "better",
              "sentence": "The adapted model is better than its base: nDCG@10 +0.200 on 2 generated queries."
            }
            """);
        Ask(Query("lamp.txt#1?0", "why is the lamp red", before: 3, after: 1), Query("lamp.txt#1?1", "what glows", before: 1, after: null));
    }

    public RunFolder Folder { get; }

    /// <summary>A query whose right passage is the lamp's.</summary>
    public static EvaluatedQuery Query(string id, string text, int? before, int? after)
    {
        QueryResult Result(int? rank) => new(rank is { } place ? 1 / Math.Log2(place + 1) : 0, rank, rank is 1 ? ["lamp.txt#1", "oil.txt#1"] : ["oil.txt#1", "oil.txt#2"]);
        return new EvaluatedQuery(id, text, ["lamp.txt#1"], new Dictionary<string, QueryResult>
        {
            ["bm25"] = Result(1),
            ["base"] = Result(before),
            ["hybrid(base)"] = Result(before),
            ["adapted"] = Result(after),
            ["hybrid"] = Result(after),
        });
    }

    /// <summary>Puts other queries in the place of those that were measured.</summary>
    public void Ask(params EvaluatedQuery[] queries) => EvaluatedQuery.Write(Folder.ReportQueries, queries);

    /// <summary>Writes a file of the run.</summary>
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text + "\n");
    }

    /// <summary>Changes a file of the run.</summary>
    public static void Change(string path, string old, string now) => File.WriteAllText(path, File.ReadAllText(path).Replace(old, now, StringComparison.Ordinal));

    /// <summary>Makes the report.</summary>
    public string Page() => File.ReadAllText(RunPage.Write(Folder, settings => $"make {settings.Seed} again"));

    public void Dispose() => _folder.Dispose();
}
