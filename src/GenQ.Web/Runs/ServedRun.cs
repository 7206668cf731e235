using System.Text.Json;
using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Extensions;
using GenQ.Retrieval;
using Microsoft.Extensions.Logging;

namespace GenQ.Web;

/// <summary>A run that is served: its search, which reloads when the run changes, and what the page shows beside it.</summary>
internal sealed class ServedRun : IDisposable
{
    private readonly string? _documents;
    private readonly Lock _lock = new();
    private RunContents? _contents;
    private Judgements? _judgements;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="name">What it is called in addresses and in the page.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="documents">Where its documents lie now, if they have moved.</param>
    /// <param name="load">Loads the base.</param>
    /// <param name="logger">Told when the run is opened, and when it cannot be.</param>
    public ServedRun(string name, RunFolder folder, string? documents, BaseEncoder load, ILogger logger)
    {
        (Name, Folder, _documents) = (name, folder, documents);
        Search = new ReloadingSearch(new GenQSearchOptions { Run = folder.Path, Encoder = run => new RememberingEncoder(RunEncoder.Open(run)) }, logger, TimeProvider.System);
        Base = new BaseSearch(folder, Search, load);
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The run folder.</summary>
    public RunFolder Folder { get; }

    /// <summary>The search by the adapted model.</summary>
    public ReloadingSearch Search { get; }

    /// <summary>The search by the base.</summary>
    public BaseSearch Base { get; }

    /// <summary>The report for people.</summary>
    public string Report => Folder.ReportPage;

    /// <summary>What is shown of the version that is open.</summary>
    /// <exception cref="GenQException">The run cannot be opened.</exception>
    public RunContents Contents
    {
        get
        {
            IReadOnlyList<Passage> passages = Search.Passages;
            lock (_lock)
            {
                // A version of the run has passages of its own.
                return _contents is { } known && ReferenceEquals(known.Passages, passages) ? known : _contents = new RunContents(Folder, passages, _documents);
            }
        }
    }

    /// <summary>What people have judged of it.</summary>
    /// <exception cref="GenQException">What was judged before cannot be read.</exception>
    public Judgements Judgements
    {
        get
        {
            lock (_lock) return _judgements ??= Judgements.Open(Folder);
        }
    }

    /// <summary>Finds passages.</summary>
    /// <param name="query">What is asked.</param>
    /// <param name="options">How.</param>
    /// <param name="model">By which model.</param>
    /// <param name="cancellation">Ends the wait for the base.</param>
    public Task<SearchAnswer> SearchAsync(string query, SearchOptions options, SearchModel model, CancellationToken cancellation)
        => model == SearchModel.Base ? Base.SearchAsync(query, options, cancellation) : Task.FromResult(Search.Search(query, options));

    /// <summary>Reads what the run has found of itself.</summary>
    /// <returns><see langword="null"/> where it was not measured, or report.json cannot be read.</returns>
    public RunVerdict? ReadVerdict()
    {
        try
        {
            if (!File.Exists(Folder.Report)) return null;
            using JsonDocument report = JsonDocument.Parse(File.ReadAllBytes(Folder.Report));
            JsonElement root = report.RootElement;
            double[] Difference(string name) => [.. root.GetProperty("difference").GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
            return new RunVerdict(
                root.GetProperty("verdict").GetString() ?? throw new FormatException(), root.GetProperty("sentence").GetString() ?? throw new FormatException(), Difference(RunReport.DifferenceName), Difference(RunReport.HybridDifferenceName),
                root.GetProperty("queries").GetInt32(), root.GetProperty("kind").GetString() == "labelled");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Chooses questions to begin with: of those that the run was measured on, some of a few words, from all over them.</summary>
    public string[] ExampleQuestions(int count)
    {
        string[] readable = [.. GeneratedQueries.HeldOutQuestions(Folder).Where(text => text.Count(' '.Equals) is >= 3 and <= 9 && text.Length <= 70).Distinct(StringComparer.OrdinalIgnoreCase)];
        return readable.Length <= count ? readable : [.. Enumerable.Range(0, count).Select(i => readable[(int)((i + 0.5) * readable.Length / count)])];
    }

    /// <summary>Closes what is open.</summary>
    public void Dispose()
    {
        Base.Dispose();
        Search.Dispose();
    }
}
