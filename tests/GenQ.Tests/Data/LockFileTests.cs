using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class LockFileTests
{
    [Fact]
    public void Of_many_who_take_it_in_turn_only_one_has_it_at_a_time()
    {
        using TemporaryFolder folder = new();
        int holders = 0, taken = 0, most = 0;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (int turn = 0; turn < 50;)
            {
                using LockFile? held = LockFile.TryTake(folder["a.lock"], "test");
                if (held is null) continue;
                most = Math.Max(most, Interlocked.Increment(ref holders));
                Thread.Sleep(1);
                taken++;
                turn++;
                Interlocked.Decrement(ref holders);
            }
        });
        Assert.Equal((1, 400), (most, taken));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Who_holds_it_can_be_read_and_nobody_else_gets_it()
    {
        using TemporaryFolder folder = new();
        using (LockFile? held = LockFile.TryTake(folder["a.lock"], "train"))
        {
            Assert.NotNull(held);
            Assert.Null(LockFile.TryTake(folder["a.lock"], "index"));
            LockOwner owner = LockFile.OwnerOf(folder["a.lock"])!;
            Assert.Equal((Environment.ProcessId, Environment.MachineName, "train"), (owner.Process, owner.Host, owner.Work));
        }

        Assert.Null(LockFile.OwnerOf(folder["a.lock"]));
    }

    [Fact]
    public void A_file_that_says_nothing_of_its_holder_has_none()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.lock"], "{");
        Assert.Null(LockFile.OwnerOf(folder["a.lock"]));
        File.WriteAllText(folder["a.lock"], "{}");
        Assert.Null(LockFile.OwnerOf(folder["a.lock"]));
    }
}
