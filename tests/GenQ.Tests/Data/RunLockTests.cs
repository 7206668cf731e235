using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class RunLockTests
{
    [Fact]
    public void The_second_who_wants_a_run_is_told_who_has_it()
    {
        using TemporaryFolder folder = new();
        RunFolder run = new(folder["run"]);
        using (RunLock.Take(run, "train"))
        {
            GenQException e = Assert.Throws<GenQException>(() => RunLock.Take(run, "index"));
            Assert.Contains($"Another process works on the run '{run.Path}' (process {Environment.ProcessId} on {Environment.MachineName}, 'train', since 2", e.Message, StringComparison.Ordinal);
            Assert.Equal(run.Lock, e.Where);
        }

        RunLock.Take(run, "index").Dispose();
    }

    [Fact]
    public void What_an_ended_process_has_left_is_taken_over_and_nothing_stays()
    {
        using TemporaryFolder folder = new();
        RunFolder run = new(folder.Path);
        File.WriteAllText(run.Lock, """{"process": 1, "host": "gone", "begun": "2026-01-01 00:00:00Z", "work": "run", "and": "more than the next one writes, so that a rest would show behind it, and a bit"}""");
        using (RunLock.Take(run, "run")) Assert.StartsWith("{", NativeFile.ReadHeld(run.Lock), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_folder_that_was_made_for_the_lock_alone_goes_with_it()
    {
        using TemporaryFolder folder = new();
        RunLock.Take(new RunFolder(folder["run"]), "run").Dispose();
        Assert.False(Directory.Exists(folder["run"]));
        using (RunLock.Take(new RunFolder(folder["run"]), "run")) File.WriteAllText(folder["run", "passages.jsonl"], "");
        Assert.True(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void A_file_in_the_folder_s_place_is_no_other_process()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["run"], "");
        Assert.Contains("cannot be written", Assert.Throws<GenQException>(() => RunLock.Take(new RunFolder(folder["run"]), "run")).Message, StringComparison.Ordinal);
    }
}
