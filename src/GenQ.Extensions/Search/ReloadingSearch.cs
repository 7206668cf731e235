using GenQ.Data;
using GenQ.Onnx;
using GenQ.Retrieval;
using Microsoft.Extensions.Logging;

namespace GenQ.Extensions;

/// <summary>Opens a run once, answers from many threads, and goes over to a new version of the run without a gap.</summary>
internal sealed partial class ReloadingSearch : IPassageSearch, IDisposable
{
    // A version that cannot be opened is not tried at every look: reading a large model takes seconds.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private readonly GenQSearchOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    // Held while a version is opened; a search that finds one open takes no lock.
    private readonly Lock _opening = new();
    private OpenRun? _current;
    private Failure? _failure;
    private RunVersion _seen;
    private bool _isDisposed;

    /// <summary>Prepares the search; nothing is opened yet.</summary>
    /// <param name="options">Which run, and how; they are valid.</param>
    /// <param name="logger">Told what is opened, and what cannot be.</param>
    /// <param name="time">Says when to look at the files.</param>
    public ReloadingSearch(GenQSearchOptions options, ILogger logger, TimeProvider time)
    {
        (_options, _logger, _time, Run) = (options, logger, time, new RunFolder(options.Run));
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public RunFolder Run { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Passage> Passages => Use(searcher => searcher.Passages);

    /// <inheritdoc/>
    public SearchAnswer Search(string query, SearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Use(searcher => searcher.Search(query, options.Top is null ? options with { Top = _options.Top } : options));
    }

    /// <summary>Works with the version that is open, and keeps it open meanwhile.</summary>
    /// <exception cref="GenQException">The run cannot be opened; the message says why.</exception>
    internal T Use<T>(Func<RunSearcher, T> work)
    {
        OpenRun run = Enter();
        try
        {
            return work(run.Searcher);
        }
        finally
        {
            run.Leave();
        }
    }

    /// <inheritdoc/>
    public bool Refresh()
    {
        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_current is null)
            {
                OpenFirst();
                return true;
            }

            return TakeNewVersion(RunVersion.Of(Run));
        }
    }

    /// <inheritdoc/>
    public PassageSearchStatus GetStatus()
    {
        try
        {
            OpenRun run = Enter();
            try
            {
                return new PassageSearchStatus(run.Opened, run.Searcher.Passages.Count, Volatile.Read(ref _failure)?.Problem);
            }
            finally
            {
                run.Leave();
            }
        }
        catch (Exception e)
        {
            return new PassageSearchStatus(null, 0, Words(e));
        }
    }

    /// <summary>Retires the version that is open: it is closed when the last search in it has ended.</summary>
    public void Dispose()
    {
        lock (_opening)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            _timer.Dispose();
            _current?.Leave();
        }
    }

    private OpenRun Enter()
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
            OpenRun run = Volatile.Read(ref _current) ?? OpenFirst();

            // It may have been retired between the two lines; then another one is there.
            if (run.TryEnter()) return run;
        }
    }

    private OpenRun OpenFirst()
    {
        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_current is { } open) return open;
            RunVersion version = RunVersion.Of(Run);
            if (_failure is { } failure && IsKnown(failure, version)) throw new GenQException(failure.Problem, failure.Cause) { Where = Run.Path, Remedy = (failure.Cause as GenQException)?.Remedy };
            try
            {
                OpenRun opened = Open(version);
                Volatile.Write(ref _current, opened);
                (_failure, _seen) = (null, version);
                LookLater();
                return opened;
            }
            catch (Exception e)
            {
                Remember(e, version);
                throw;
            }
        }
    }

    // The timer's: what goes wrong is told, and the old version stays.
    private void Look()
    {
        // Who holds it opens a version, and this look would only wait for that.
        if (!_opening.TryEnter()) return;
        try
        {
            if (_isDisposed) return;
            RunVersion version = RunVersion.Of(Run);

            // Files are still being copied while one look finds others than the last.
            if (version == _seen) TakeNewVersion(version);
            _seen = version;
        }
        catch (Exception e)
        {
            Remember(e, _seen);
        }
        finally
        {
            if (!_isDisposed) LookLater();
            _opening.Exit();
        }
    }

    private void LookLater() => _timer.Change(_options.CheckEvery, Timeout.InfiniteTimeSpan);

    private bool TakeNewVersion(RunVersion version)
    {
        OpenRun old = _current!;
        if (version == old.Version)
        {
            _failure = null;
            return false;
        }

        if (_failure is { } failure && IsKnown(failure, version)) return false;
        try
        {
            OpenRun opened = Open(version);
            Volatile.Write(ref _current, opened);
            _failure = null;
        }
        catch (Exception e)
        {
            Remember(e, version);
            return false;
        }

        old.Leave();
        return true;
    }

    private OpenRun Open(RunVersion version)
    {
        long started = _time.GetTimestamp();
        RunSearcher searcher = RunSearcher.Open(Run, _options.Encoder?.Invoke(Run) ?? OnnxEncoder.OfRun(Run));
        LogOpened(_logger, Run.Path, searcher.Passages.Count, _time.GetElapsedTime(started).TotalMilliseconds);
        return new OpenRun(searcher, version, _time.GetUtcNow());
    }

    private void Remember(Exception e, RunVersion version)
    {
        bool isTold = _failure is { } before && before.Version == version;
        Volatile.Write(ref _failure, new Failure(version, Words(e), e, _time.GetUtcNow()));
        if (isTold) return;
        if (_current is { } old) LogKept(_logger, e, Run.Path, old.Opened, Words(e));
        else LogUnopened(_logger, e, Run.Path, Words(e));
    }

    private bool IsKnown(Failure failure, RunVersion version) => failure.Version == version && _time.GetUtcNow() - failure.At < RetryAfter;

    private static string Words(Exception e) => e is GenQException { Remedy: Remedy.RunStage { Stage: not "run" } stage }
        ? $"{e.Message} The stage '{stage.Stage}' of the run makes it."
        : e.Message;

    [LoggerMessage(1, LogLevel.Information, "Opened {Run}: {Passages} passages in {Milliseconds:0} ms.")]
    private static partial void LogOpened(ILogger logger, string run, int passages, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "{Run} has changed but cannot be opened; the version opened at {Opened:u} stays in service. {Problem}")]
    private static partial void LogKept(ILogger logger, Exception exception, string run, DateTimeOffset opened, string problem);

    [LoggerMessage(3, LogLevel.Error, "{Run} cannot be opened. {Problem}")]
    private static partial void LogUnopened(ILogger logger, Exception exception, string run, string problem);

    private sealed record Failure(RunVersion Version, string Problem, Exception Cause, DateTimeOffset At);
}
