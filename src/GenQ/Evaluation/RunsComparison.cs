using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;
using GenQ.Text;

namespace GenQ.Evaluation;

/// <summary>
/// Runs side by side on the same queries, to see what their writers were worth: on labelled ones, or on those that each run's writer wrote for the
/// passages that all runs have set aside. The queries of a run's own writer flatter it, so those of each writer are a table of their own.
/// </summary>
/// <param name="Runs">The runs.</param>
/// <param name="Sets">A table for each set of queries: BM25, the base, and the adapted model of each run, all over the same queries.</param>
public sealed record RunsComparison(IReadOnlyList<ComparedRun> Runs, IReadOnlyList<ModelComparison> Sets)
{
    private const string Base = "base";

    /// <summary>The settings in which the runs differ.</summary>
    internal IReadOnlyList<DifferingSetting> Settings { get; private init; } = [];

    /// <summary>For every set and every two runs, the queries for which one finds the right passage and the other does not.</summary>
    internal IReadOnlyList<ChangedQueries> Changed { get; private init; } = [];

    /// <summary>Measures runs.</summary>
    /// <param name="folders">The run folders, at least two; each has been run to its end.</param>
    /// <param name="labelled">A BEIR folder with labelled queries; without one the runs' own, see the class.</param>
    /// <param name="progress">Told of texts encoded.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="GenQException">A run is not whole, or the runs have no passages or no base in common.</exception>
    public static RunsComparison Measure(
        IReadOnlyList<string> folders, string? labelled = null, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folders);
        ComparedRun[] runs = [.. folders.Select(ComparedRun.Open)];
        string[] bases = [.. runs.Select(run => Fingerprint.OfModel(ModelFolder.Resolve(run.Settings.Base))).Distinct()];
        if (bases.Length > 1)
            throw new GenQException("The runs have adapted different bases, so their figures would tell of these, not of their writers: compare runs of one base.") { Where = folders[0] };
        string? common = labelled ?? (runs.Select(run => run.Settings.LabelledTask).Distinct().ToArray() is [{ } same] ? same : null);
        (string Name, RetrievalTask Task)[] sets = common is not null ? [(common, BeirFolder.Read(common))] : OwnQueries(runs);
        Passage[] corpus = [.. sets[0].Task.Corpus];
        RetrievalTask all = new(
            "all",
            [.. sets.SelectMany((set, i) => set.Task.Queries.Select(query => query with { Id = Id(i, query.Id) }))],
            corpus,
            sets.SelectMany((set, i) => set.Task.Relevant.Select(relevant => KeyValuePair.Create(Id(i, relevant.Key), relevant.Value))).ToDictionary());
        BiEncoderOptions options = new() { Precision = runs[0].Settings.Precision };
        ModelComparison measured = ModelComparison.Run(
            all,
            [
                new(Base, () => BiEncoder.Load(runs[0].Settings.Base, options)),
                .. runs.Select(run => new ComparedModel(run.Name, () => BiEncoder.Load(run.Folder.Model, options), run.IndexOf(corpus))),
            ],
            [("bm25", EnglishText.AnalyzerFor(corpus))],
            [.. runs.SelectMany(run => AskedQueries.Of(run.Folder))],
            progress: progress,
            cancellation: cancellation);
        ModelComparison[] tables = [.. sets.Select((set, i) => new ModelComparison(set.Name, [.. measured.Results.Select(result => (result.Model, Of(result.Metrics, i)))]))];
        Dictionary<string, string> texts = all.Queries.ToDictionary(query => query.Id, query => query.Text);
        return new RunsComparison(runs, tables)
        {
            Settings = DifferingSetting.Of([.. runs.Select(run => run.Settings)]),
            Changed = [.. tables.SelectMany(table => ChangedQueries.Of(table, [.. runs.Select(run => run.Name)], texts))],
        };
    }

    /// <summary>What the model of each run gains over the base, alone and with BM25: nDCG@10 with its 95 % interval.</summary>
    /// <param name="set">One of <see cref="Sets"/>.</param>
    public IEnumerable<(string Run, BootstrapInterval Alone, BootstrapInterval Hybrid)> Gains(ModelComparison set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return Runs.Select(run => (run.Name, set.Difference(Base, run.Name), set.Difference(ModelComparison.Hybrid(Base), ModelComparison.Hybrid(run.Name))));
    }

    /// <summary>The comparison as scripts read it.</summary>
    public JsonObject ToJson() => new()
    {
        ["runs"] = new JsonArray([.. Runs.Select(run => new JsonObject
        {
            ["run"] = run.Name,
            ["writer"] = run.Writer,
            ["passages"] = run.Passages,
            ["pairs"] = run.Pairs,
            ["tokens"] = run.Usage.TokensIn + run.Usage.TokensOut,
        })]),
        ["sets"] = new JsonArray([.. Sets.Select(set => RunReport.ToJson(
            set,
            Runs[0].Settings.PrecisionInUse,
            Gains(set).SelectMany(gain => ((string, BootstrapInterval)[])[($"{gain.Run} - {Base}", gain.Alone), ($"{ModelComparison.Hybrid(gain.Run)} - {ModelComparison.Hybrid(Base)}", gain.Hybrid)])))]),
        ["settings"] = new JsonObject(Settings.Select(setting => KeyValuePair.Create(setting.Name, (JsonNode?)new JsonArray([.. setting.Values.Select(value => JsonValue.Create(value))])))),
        ["changed"] = new JsonArray([.. Changed.Select(changed => new JsonObject
        {
            ["set"] = changed.Set,
            ["finds"] = changed.Finds,
            ["misses"] = changed.Misses,
            ["queries"] = changed.Count,
            ["examples"] = new JsonArray([.. changed.Examples.Select(example => new JsonObject { ["text"] = example.Text, ["rank"] = example.Rank, ["missed_rank"] = example.MissedRank })]),
        })]),
    };

    // The queries of each writer, where all runs have set their passages aside: what one has trained on would not be fair to the others.
    private static (string Name, RetrievalTask Task)[] OwnQueries(ComparedRun[] runs)
    {
        string[] corpora = [.. runs.Select(run => Fingerprint.OfFile(run.Folder.Passages)).Distinct()];
        if (corpora.Length > 1)
            throw new GenQException("The runs have read different documents, or cut them otherwise, so they cannot be measured on the same queries: give labelled ones.") { Where = runs[0].Folder.Path };
        HashSet<string> aside = [.. runs.Select(run => run.HeldOut).Aggregate((left, right) => left.Intersect(right))];
        List<(string, RetrievalTask)> sets = [];
        HashSet<string> known = [];
        foreach (ComparedRun run in runs.Where(run => File.Exists(run.Folder.HeldOutQueries)))
        {
            RetrievalTask own = BeirFolder.Read(run.Folder.HeldOut, corpus: run.Folder.Passages);
            RetrievalQuery[] queries = [.. own.Queries.Where(query => own.Relevant[query.Id].Keys.All(aside.Contains))];
            if (queries.Length > 0 && known.Add(Fingerprint.OfTexts([.. queries.Select(query => query.Text)])))
                sets.Add(($"queries of {run.Writer}", own with { Queries = queries, Relevant = queries.ToDictionary(query => query.Id, query => own.Relevant[query.Id]) }));
        }

        return sets.Count > 0 ? [.. sets] : throw new GenQException(
            "No passage with queries is set aside by all of the runs, so there is nothing that none has trained on: begin them with the same documents, share held out and seed, or give labelled queries.")
        {
            Where = runs[0].Folder.HoldOut,
        };
    }

    private static string Id(int set, string query) => $"{set}/{query}";

    private static RetrievalMetrics Of(RetrievalMetrics all, int set)
        => new([.. all.Queries.Where(query => query.Query.StartsWith(Id(set, ""), StringComparison.Ordinal))]);
}
