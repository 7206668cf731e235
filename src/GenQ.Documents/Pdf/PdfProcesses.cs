using System.Diagnostics;
using System.Runtime.InteropServices;
using GenQ.Data;
using GenQ.PdfWorker;

namespace GenQ.Documents;

/// <summary>
/// The processes that read PDFs: started when the first file comes, kept for the next ones, begun anew after a death, ended when no file
/// has come for a while. Where none can be started, files are read in this process.
/// </summary>
internal sealed class PdfProcesses : IDisposable
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    // What a new process spends on compiling before it is as fast as one that runs. It is worth that once the waits for those that run
    // add up to as much.
    private static readonly TimeSpan StartingCost = TimeSpan.FromSeconds(1);

    private readonly string? _dotnet;
    private readonly PdfLimits _limits;
    private readonly SemaphoreSlim _places;
    private readonly Lock _lock = new();
    private readonly Stack<PdfProcess> _idle = new();
    private readonly SemaphoreSlim _isIdle = new(0);
    private readonly Timer _whenIdle;
    private volatile bool _cannotStart;
    private int _reading;
    private long _waitedTicks;

    /// <param name="limits">What a file may take.</param>
    /// <param name="dotnet">The dotnet command that starts the processes; <see langword="null"/> where there is none.</param>
    public PdfProcesses(PdfLimits limits, string? dotnet)
    {
        _limits = limits;
        _dotnet = dotnet;
        _places = new SemaphoreSlim(limits.Processes);
        _whenIdle = new Timer(_ => EndIdle());
    }

    /// <summary>Those of all readers.</summary>
    public static PdfProcesses Shared { get; } = new(PdfLimits.Default, FindDotnet());

    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory, $"{typeof(PdfFile).Assembly.GetName().Name}.dll");

    private bool CanStart => !_cannotStart && _dotnet is not null && File.Exists(Program);

    /// <summary>The dotnet command that runs this process or the runtime it uses, or <see langword="null"/>.</summary>
    public static string? FindDotnet()
    {
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        // <root>/shared/Microsoft.NETCore.App/<version>/
        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        string?[] commands =
        [
            Path.GetFileName(Environment.ProcessPath) == name ? Environment.ProcessPath : null,
            Path.Combine(root, name),
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH"),
            Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } folder ? Path.Combine(folder, name) : null,
        ];
        return commands.FirstOrDefault(File.Exists);
    }

    /// <summary>Reads a file; waits while as many are being read as there may be.</summary>
    /// <exception cref="GenQException">
    /// The file cannot be read, or took too much; the message says why, without naming the file.
    /// </exception>
    public async Task<Document> ReadAsync(ReadOnlyMemory<byte> file, string source, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            bool isFirst = Interlocked.Increment(ref _reading) == 1;
            await WaitForIdleAsync(isFirst || !CanStart, cancellationToken).ConfigureAwait(false);
            return Read(file, source, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _reading);
            _places.Release();
        }
    }

    /// <summary>Ends the processes that wait for files.</summary>
    public void Dispose()
    {
        _whenIdle.Dispose();
        EndIdle();
        _places.Dispose();
    }

    private async Task WaitForIdleAsync(bool atOnce, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan left = atOnce ? TimeSpan.Zero : StartingCost - TimeSpan.FromTicks(Interlocked.Read(ref _waitedTicks));
        bool isIdle = await _isIdle.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        if (isIdle || atOnce) Interlocked.Add(ref _waitedTicks, Stopwatch.GetElapsedTime(start).Ticks);
        else Interlocked.Exchange(ref _waitedTicks, 0);
    }

    private Document Read(ReadOnlyMemory<byte> file, string source, CancellationToken cancellationToken)
    {
        // A death that nobody explains may be no fault of the file's: it gets a second process, which has read nothing else.
        for (int attempt = 0; attempt < 2; attempt++)
        {
            if (Take(isNew: attempt > 0) is not { } process) return PdfFile.Read(file.ToArray(), source, cancellationToken);
            (Document? document, string? reason) = ReadWith(process, file, source, cancellationToken);
            if (document is not null) return document;
            if (reason is not null) throw new GenQException(reason);
        }

        throw new GenQException("The process that read the PDF was ended, twice: is the machine short of memory?");
    }

    private (Document? Document, string? Reason) ReadWith(
        PdfProcess process, ReadOnlyMemory<byte> file, string source, CancellationToken cancellationToken)
    {
        try
        {
            (Document? Document, string? Reason) answer = process.Read(file, source, cancellationToken);
            if (!process.IsReady) _cannotStart = true;
            return answer;
        }
        finally
        {
            if (process.IsAlive) PutBack(process);
            else process.Dispose();
        }
    }

    private PdfProcess? Take(bool isNew)
    {
        lock (_lock)
        {
            while (!isNew && _idle.TryPop(out PdfProcess? waiting))
            {
                if (waiting.IsAlive) return waiting;
                waiting.Dispose();
            }
        }

        if (!CanStart) return null;
        PdfProcess? started = PdfProcess.TryStart(_dotnet!, Program, _limits);
        _cannotStart |= started is null;
        return started;
    }

    private void PutBack(PdfProcess process)
    {
        lock (_lock)
        {
            _idle.Push(process);
            _isIdle.Release();
            _whenIdle.Change(IdleTime, Timeout.InfiniteTimeSpan);
        }
    }

    private void EndIdle()
    {
        lock (_lock)
        {
            while (_idle.TryPop(out PdfProcess? process)) process.Dispose();
        }
    }
}
