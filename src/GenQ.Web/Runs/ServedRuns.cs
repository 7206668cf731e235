using GenQ.Data;
using Microsoft.Extensions.Logging;

namespace GenQ.Web;

/// <summary>The runs that are served, by name.</summary>
internal sealed class ServedRuns : IDisposable
{
    /// <summary>Under which the log names them.</summary>
    public const string LogCategory = "GenQ.Search";

    private readonly ServedRun[] _runs;

    /// <summary>Names the runs; nothing is opened yet.</summary>
    /// <exception cref="GenQException">A folder is named twice.</exception>
    public ServedRuns(SearchServerOptions options, BaseEncoder load, ILoggerFactory loggers)
    {
        ILogger logger = loggers.CreateLogger(LogCategory);
        _runs = [.. RunNames.Of(options.Runs).Zip(options.Runs, (name, folder) => new ServedRun(name, new RunFolder(folder), options.Documents, load, logger))];
    }

    /// <summary>All of them, in the order in which they were named.</summary>
    public IReadOnlyList<ServedRun> All => _runs;

    /// <summary>A run by its name; without one, the first.</summary>
    /// <exception cref="Refusal">There is none of this name.</exception>
    public ServedRun this[string? name] => string.IsNullOrEmpty(name) ? _runs[0] : Array.Find(_runs, run => run.Name == name)
        ?? throw new Refusal(StatusCodes.Status404NotFound, $"There is no run of this name: there are {string.Join(", ", _runs.Select(run => $"'{run.Name}'"))}.");

    /// <summary>Opens them all, so that the first search waits for nothing and a broken run is told at the start.</summary>
    /// <exception cref="GenQException">One cannot be opened.</exception>
    public void Open()
    {
        foreach (ServedRun run in _runs) run.Search.Refresh();
    }

    /// <summary>Closes them all.</summary>
    public void Dispose()
    {
        foreach (ServedRun run in _runs) run.Dispose();
    }
}
