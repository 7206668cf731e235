using GenQ.Compute;
using GenQ.Models;

namespace GenQ.Tests.Compute;

/// <summary>Work shared out among threads, here those of libtorch's products where they were found.</summary>
public sealed class ParallelRangesTests
{
    // Numbers of a row that are worth a second thread.
    private const long Much = 1 << 20;

    public ParallelRangesTests() => NativeSwitches.Apply();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1003)]
    public void Every_row_is_in_one_range(int rows)
    {
        int[] seen = new int[rows], numbers = new int[(rows + 9) / 10];
        ParallelRanges.For(rows, 10, Much, (range, first, end) =>
        {
            Assert.Equal(range * 10, first);
            Interlocked.Increment(ref numbers[range]);
            for (int row = first; row < end; row++) Interlocked.Increment(ref seen[row]);
        });
        Assert.All(seen, times => Assert.Equal(1, times));
        Assert.All(numbers, times => Assert.Equal(1, times));
    }

    [Fact]
    public void Two_threads_take_part()
    {
        Assert.SkipWhen(ParallelRanges.Threads < 2, "One thread computes here.");
        using Barrier both = new(2);
        bool met = false;

        // Each of the two waits for the other: one thread alone would wait in vain.
        ParallelRanges.For(2, 1, Much, (_, _, _) => met = both.SignalAndWait(TimeSpan.FromSeconds(30)));
        Assert.True(met);
    }

    [Fact]
    public void Little_work_stays_with_the_caller()
    {
        int caller = Environment.CurrentManagedThreadId;
        ParallelRanges.For(100, 1, 3, (_, _, _) => Assert.Equal(caller, Environment.CurrentManagedThreadId));
    }

    [Fact]
    public void An_error_reaches_the_caller_and_the_threads_work_on()
    {
        Assert.Throws<InvalidTimeZoneException>(() => ParallelRanges.For(100, 1, Much, (range, _, _) =>
        {
            if (range == 50) throw new InvalidTimeZoneException();
        }));
        Every_row_is_in_one_range(1003);
    }

    [Fact]
    public void Several_callers_do_not_disturb_one_another()
    {
        Parallel.For(0, 8, caller =>
        {
            long sum = 0;
            for (int i = 0; i < 50; i++) ParallelRanges.For(1000, 7, Much, (_, first, end) => Interlocked.Add(ref sum, Enumerable.Range(first, end - first).Sum()));
            Assert.Equal(50 * 499_500, sum);
        });
    }
}
