using GenQ.Compute;
using GenQ.Models;
using static TorchSharp.torch;

namespace GenQ.Tests.Compute;

public sealed class ThreadsTests
{
    [Fact]
    public void Every_job_is_done_once()
    {
        int[] done = new int[100];
        Threads.SideBySide(done.Length, i => Interlocked.Increment(ref done[i]));
        Assert.All(done, times => Assert.Equal(1, times));
        Threads.SideBySide(0, _ => Assert.Fail("there is no job"));
    }

    [Fact]
    public void Jobs_side_by_side_compute_alone_and_what_comes_after_them_does_not()
    {
        int before = Threads.Count;
        int[] threads = new int[2];
        bool[] alone = new bool[2];
        Threads.SideBySide(2, i =>
        {
            (threads[i], alone[i]) = (get_num_threads(), ParallelRanges.IsAlone);

            // A product is what would set the number anew.
            using Tensor product = ones(64, 64).matmul(ones(64, 64));
            Assert.Equal(64, product[0, 0].item<float>());
            Assert.Equal(threads[i], get_num_threads());
        });
        if (OperatingSystem.IsLinux() && before > 1)
        {
            Assert.Equal([1, 1], threads);
            Assert.Equal([true, true], alone);
        }

        Assert.Equal(before, Threads.Count);
        Assert.False(ParallelRanges.IsAlone);
    }

    [Fact]
    public void An_error_of_a_job_is_thrown_and_no_other_job_begun()
    {
        int begun = 0;
        Assert.Throws<InvalidTimeZoneException>(() => Threads.SideBySide(1000, i =>
        {
            Interlocked.Increment(ref begun);
            throw new InvalidTimeZoneException();
        }));
        Assert.InRange(begun, 1, Environment.ProcessorCount);
    }
}
