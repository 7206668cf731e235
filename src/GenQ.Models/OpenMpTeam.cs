using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using GenQ.Compute;

namespace GenQ.Models;

/// <summary>
/// Lets the kernels run on the threads that libtorch's products run on. Those threads wait for more work awake, for moments: on as many cores as
/// threads, others would have to wait for them, and back again, between every product and the kernel behind it.
/// </summary>
internal static unsafe class OpenMpTeam
{
    private static delegate* unmanaged<delegate* unmanaged[Cdecl]<nint, void>, nint, uint, uint, void> _parallel;

    /// <summary>Makes <see cref="Ranges"/> use the team, where the library is GNU's OpenMP, as on Linux.</summary>
    /// <param name="libtorch">The handle of the library that was linked against it.</param>
    /// <returns>Whether it was found.</returns>
    public static bool Use(nint libtorch)
    {
        if (!NativeLibrary.TryGetExport(libtorch, "GOMP_parallel", out nint parallel)) return false;
        _parallel = (delegate* unmanaged<delegate* unmanaged[Cdecl]<nint, void>, nint, uint, uint, void>)parallel;
        Ranges.Team = Run;
        return true;
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
