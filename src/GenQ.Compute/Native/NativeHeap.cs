using System.Runtime.InteropServices;

namespace GenQ.Compute;

/// <summary>The C library's heap, where libtorch's tensors lie.</summary>
internal static unsafe class NativeHeap
{
    // Pages that are given back have to be fetched again: some tenths of a second, so not at every step.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    private static readonly delegate* unmanaged<nuint, int> Trim = (delegate* unmanaged<nuint, int>)Find("malloc_trim");
    private static readonly delegate* unmanaged<int, int, int> SetOption = (delegate* unmanaged<int, int, int>)Find("mallopt");
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

    /// <summary>Keeps freed memory, where the C library is glibc.</summary>
    /// <returns>Whether it is.</returns>
    /// <remarks>
    /// glibc returns every block above 32 MB to the system and takes a page fault per 4 KB when it asks again: the most expensive part of an element-wise
    /// operation on a large tensor.
    /// </remarks>
    public static bool KeepFreed() => Set(mmapThreshold: 1 << 30, trimThreshold: 2_000_000_000, topPad: 256 << 20);

    /// <summary>Until the result is disposed, blocks above 32 MB lie outside the heap and go back to the system when they are freed.</summary>
    /// <remarks>
    /// For work on threads of its own, whose heaps glibc builds of pieces of 64 MB: blocks of some ten megabytes fill them badly, and what a thread leaves
    /// free the next one does not find. Writing with T5-base's sizes in fp32 had 1.4 GB in use in two such heaps, and held 2.4 in them and in what others had left.
    /// </remarks>
    public static IDisposable GiveLargeBlocksBack()
    {
        _ = Set(mmapThreshold: 32 << 20, trimThreshold: 64 << 20, topPad: 128 << 10);
        return new Keeper();
    }

    private static bool Set(int mmapThreshold, int trimThreshold, int topPad)
    {
        const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3;
        return SetOption != null
            && (SetOption(MmapThreshold, mmapThreshold) & SetOption(TrimThreshold, trimThreshold) & SetOption(TopPad, topPad)) != 0;
    }

    private static void* Find(string function)
        => OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out nint libc) && NativeLibrary.TryGetExport(libc, function, out nint address)
            ? (void*)address
            : null;

    private sealed class Keeper : IDisposable
    {
        public void Dispose() => KeepFreed();
    }
}
