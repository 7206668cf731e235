using System.Runtime.ExceptionServices;
using GenQ.Compute;
using GenQ.Data;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>The threads that networks compute with.</summary>
public static class Threads
{
    /// <summary>How many there are; as many as cores, unless <see cref="Use"/> said otherwise.</summary>
    public static int Count
    {
        get
        {
            NativeSwitches.Apply();
            return get_num_threads();
        }
    }

    /// <summary>Sets how many there are. The last digits of results depend on it.</summary>
    /// <exception cref="GenQException">The number is below 1.</exception>
    public static void Use(int count)
    {
        if (count < 1) throw new GenQException($"{count} threads cannot compute anything: give at least 1.");
        NativeSwitches.Apply();
        set_num_threads(count);
        ParallelRanges.Threads = count;
    }

    /// <summary>
    /// Does jobs side by side, each on one thread, as many at a time as there are threads. Two threads in one matmul wait for each other a hundred
    /// times a job; here they never do. A single job has all threads.
    /// </summary>
    /// <param name="jobs">How many jobs there are; those of low numbers begin first.</param>
    /// <param name="job">Does one of them, without gradients. It disposes of its tensors itself, or detaches them from its scopes.</param>
    /// <exception cref="Exception">What the first job that failed has thrown; no job is begun after it.</exception>
    internal static void SideBySide(int jobs, Action<int> job)
    {
        int workers = Math.Min(Count, jobs), next = -1;
        if (workers <= 1 || !OpenMpTeam.IsThere)
        {
            for (int i = 0; i < jobs; i++) job(i);
            return;
        }

        ExceptionDispatchInfo? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(_ => new Thread(Work) { IsBackground = true })];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        failure?.Throw();

        void Work()
        {
            try
            {
                // libtorch sets a thread's number when that first computes, so it must not find this one's later.
                _ = get_num_threads();
                OpenMpTeam.WorkAlone();
                using IDisposable guard = inference_mode();
                for (int i = Interlocked.Increment(ref next); i < jobs && failure is null; i = Interlocked.Increment(ref next)) job(i);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
            }
        }
    }
}
