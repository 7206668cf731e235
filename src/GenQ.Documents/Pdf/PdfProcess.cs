using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using GenQ.Data;
using GenQ.PdfWorker;

namespace GenQ.Documents;

/// <summary>A process that reads one PDF after another. What ends it, a stack that overflows for one, does not end this one.</summary>
/// <remarks>One file at a time. It ends with this process, also when this one is killed: its input is closed then.</remarks>
internal sealed class PdfProcess : IDisposable
{
    // A heap grows by a gigabyte in a second.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly PdfLimits _limits;
    private readonly Stream _requests;
    private readonly Stream _answers;
    private volatile string? _error;

    private PdfProcess(Process process, PdfLimits limits)
    {
        _process = process;
        _limits = limits;
        _requests = process.StandardInput.BaseStream;
        _answers = new BufferedStream(process.StandardOutput.BaseStream);
        process.ErrorDataReceived += (_, line) => NoteError(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>Whether it has said that it runs.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Whether it can read another file.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>Starts a process, or returns <see langword="null"/> where the system refuses.</summary>
    public static PdfProcess? TryStart(string dotnet, string program, PdfLimits limits)
    {
        ProcessStartInfo start = new(dotnet, [program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = limits.HeapBytes.ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        // What hooks print would stand among the answers.
        start.Environment.Remove("DOTNET_STARTUP_HOOKS");
        try
        {
            return Process.Start(start) is { } process ? new PdfProcess(process, limits) : null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Reads a file.</summary>
    /// <returns>The document and no reason, or the reason alone; neither where the process ended without telling why.</returns>
    /// <exception cref="OperationCanceledException">The reading was cancelled; the process has ended.</exception>
    public (Document? Document, string? Reason) Read(ReadOnlyMemory<byte> file, string source, CancellationToken cancellationToken)
    {
        TimeSpan limit = _limits.TimeFor(file.Length);
        long memory = _limits.MemoryFor(file.Length);
        string? given = null;
        try
        {
            TimeSpan before = _process.TotalProcessorTime;
            using CancellationTokenRegistration cancelled = cancellationToken.Register(Kill);
            using Timer watch = new(_ =>
            {
                (TimeSpan time, long bytes) = Taken();
                if (bytes > memory) given = TooMuchMemory(memory);
                else if (time - before > limit) given = $"Reading the PDF takes more than {limit.TotalSeconds:0} s of processor time: save it anew, or split it.";
                if (given is not null) Kill();
            });
            watch.Change(Tick, Tick);
            PdfMessages.WriteRequest(_requests, source, file.Span);
            if (HasStarted())
            {
                (Document?, string?) answer = PdfMessages.ReadAnswer(_answers);
                watch.Change(Timeout.Infinite, Timeout.Infinite);
                EndIfLarge();
                return answer;
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It has ended; why is told below.
        }

        Kill();
        _process.WaitForExit();
        HasStarted();
        cancellationToken.ThrowIfCancellationRequested();
        return (null, given ?? _error);
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private bool HasStarted()
    {
        try
        {
            return IsReady |= !IsReady && _answers.ReadByte() == PdfMessages.Ready;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // The runtime's last words. It goes on with a stack of thousands of lines, or a dump, which nobody is to wait for.
    private void NoteError(string? line)
    {
        if (line is null || _error is not null) return;
        if (line.StartsWith("Stack overflow", StringComparison.Ordinal))
            _error = "The PDF refers to itself, or is nested too deeply to be read: save it anew with another program.";
        else if (line.Contains("OutOfMemory", StringComparison.Ordinal) || line.StartsWith("Out of memory", StringComparison.Ordinal))
            _error = TooMuchMemory(_limits.HeapBytes);
        if (_error is not null) Kill();
    }

    // What a large file has left in the heap is not to be counted as the next one's.
    private void EndIfLarge()
    {
        if (Taken().Memory <= _limits.Memory / 2) return;
        Kill();
        _process.WaitForExit();
    }

    private static string TooMuchMemory(long bytes) => $"Reading the PDF takes more than {bytes >> 20} MB of memory: save it anew, or split it.";

    private (TimeSpan ProcessorTime, long Memory) Taken()
    {
        try
        {
            _process.Refresh();
            return (_process.TotalProcessorTime, _process.WorkingSet64);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return (TimeSpan.Zero, 0);
        }
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended already.
        }
    }
}
