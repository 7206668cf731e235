using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace GenQ.Compute;

/// <summary>
/// Lets the kernels run on the threads that libtorch's matmuls run on. Those threads wait for more work awake, for moments: on as many cores as
/// threads, others would have to wait for them, and back again, between every matmul and the kernel behind it.
/// </summary>
internal static unsafe class OpenMpTeam
{
    private static delegate* unmanaged<delegate* unmanaged[Cdecl]<nint, void>, nint, uint, uint, void> _parallel;
    private static delegate* unmanaged<int, void> _setThreads;
    private static delegate* unmanaged<int, int> _setMklThreads;

    /// <summary>Makes <see cref="ParallelRanges"/> use the team, where the library is GNU's OpenMP, as on Linux.</summary>
    /// <param name="libtorch">The handle of the library that was linked against it.</param>
    /// <returns>Whether it was found.</returns>
    public static bool Use(nint libtorch)
    {
        if (!NativeLibrary.TryGetExport(libtorch, "GOMP_parallel", out nint parallel)
            || !NativeLibrary.TryGetExport(libtorch, "omp_set_num_threads", out nint setThreads)
            || !NativeLibrary.TryGetExport(libtorch, "MKL_Set_Num_Threads_Local", out nint setMklThreads))
        {
            return false;
        }

        _parallel = (delegate* unmanaged<delegate* unmanaged[Cdecl]<nint, void>, nint, uint, uint, void>)parallel;
        _setThreads = (delegate* unmanaged<int, void>)setThreads;
        _setMklThreads = (delegate* unmanaged<int, int>)setMklThreads;
        ParallelRanges.Team = Run;
        return true;
    }

    /// <summary>Whether <see cref="WorkAlone"/> can be called.</summary>
    public static bool IsThere => _parallel is not null;

    /// <summary>
    /// Makes the calling thread compute by itself for the rest of its life, libtorch's matmuls and the kernels alike. libtorch must have set the thread's
    /// number before.
    /// </summary>
    public static void WorkAlone()
    {
        _setThreads(1);
        _ = _setMklThreads(1);
        ParallelRanges.IsAlone = true;
    }

    private static void Run(int threads, Action work)
    {
        Job job = new(work);
        GCHandle handle = GCHandle.Alloc(job);
        try
        {
            _parallel(&Take, GCHandle.ToIntPtr(handle), (uint)threads, 0);
        }
        finally
        {
            handle.Free();
        }

        job.Failure?.Throw();
    }

    // No exception may leave it: the threads are not .NET's.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Take(nint handle)
    {
        Job job = (Job)GCHandle.FromIntPtr(handle).Target!;
        try
        {
            job.Work();
        }
        catch (Exception e)
        {
            job.Failure ??= ExceptionDispatchInfo.Capture(e);
        }
    }

    private sealed class Job(Action work)
    {
        public Action Work => work;

        public ExceptionDispatchInfo? Failure { get; set; }
    }
}
