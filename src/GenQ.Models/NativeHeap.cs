using System.Runtime.InteropServices;

namespace GenQ.Models;

/// <summary>The C library's heap, where libtorch's tensors lie.</summary>
internal static unsafe class NativeHeap
{
    // Pages that are given back have to be fetched again: some tenths of a second, so not at every step.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    private static readonly delegate* unmanaged<nuint, int> Trim = FindTrim();
    private static long _lastTime = Environment.TickCount64;

    /// <summary>
    /// Gives free pages back to the system unless that was done seconds ago. What works for long with tensors of ever new sizes calls this between its
    /// steps: holes into which the next step's tensors do not fit would add up to gigabytes.
    /// </summary>
    public static void GiveBackFromTimeToTime()
    {
        long now = Environment.TickCount64;
        if (now - Volatile.Read(ref _lastTime) < Pause.TotalMilliseconds) return;
        Volatile.Write(ref _lastTime, now);
        GiveBack();
    }

    /// <summary>Gives free pages back where the C library can, which is glibc.</summary>
    /// <returns>Whether it can.</returns>
    public static bool GiveBack()
    {
        if (Trim == null) return false;
        _ = Trim(0);
        return true;
    }

    private static delegate* unmanaged<nuint, int> FindTrim()
        => OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out nint libc) && NativeLibrary.TryGetExport(libc, "malloc_trim", out nint trim)
            ? (delegate* unmanaged<nuint, int>)trim
            : null;
}
