using System.Diagnostics;
using GenQ.Data;

namespace GenQ.Tests.Faults;

/// <summary>
/// A run is broken off at a step of its disk, and run again: it ends as the unbroken one. The suite tries some steps; <c>eng/faults.sh</c> tries all of them.
/// </summary>
[Collection(TorchRandomCollection.Name)]
public sealed class FaultTests(ITestOutputHelper output)
{
    private const int StepsTriedHere = 5;

    // Of eng/faults.sh: how many steps apart the tries are, which fault alone is tried, and which run a process of its own is to break at which step.
    private const string EveryVariable = "GENQ_FAULTS_EVERY", OnlyVariable = "GENQ_FAULTS_ONLY", ChildVariable = "GENQ_FAULTS_CHILD";

    [Theory]
    [InlineData(Fault.Kill)]
    [InlineData(Fault.PowerCut)]
    [InlineData(Fault.NoSpace)]
    [InlineData(Fault.InputOutput)]
    public async Task A_run_that_was_broken_off_anywhere_ends_as_the_unbroken_one(Fault fault)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(ChildVariable) is not null, "this process is to be ended");
        Assert.SkipUnless(IsTried($"{fault}"), "eng/faults.sh tries another fault");
        using SmallRun small = new();
        (SortedDictionary<string, string> whole, int steps) = await UnbrokenAsync(small, fault);
        int every = int.TryParse(Environment.GetEnvironmentVariable(EveryVariable), out int told) ? told : Math.Max(1, steps / StepsTriedHere);
        int tried = 0, survived = 0;
        for (int step = 1 + (int)fault % every; step <= steps; step += every)
        {
            RunFolder run = small.Of($"{fault}-{step}");
            FaultyDisk disk = new(fault, step);
            Exception e = await Assert.ThrowsAnyAsync<Exception>(() => small.RunAsync(run, disk));
            string? advice = fault switch { Fault.NoSpace => "Free some space", Fault.InputOutput => "The disk is failing", _ => null };
            Assert.True(advice is null || (e is GenQException && e.Message.Contains(advice, StringComparison.Ordinal)), $"{fault} at step {step}: {e}");
            if (fault == Fault.PowerCut) disk.LoseUnsynced();
            await small.RunAsync(run);
            tried++;
            if (IsAs(whole, run, $"{fault} at step {step}: {e.Message}")) survived++;
            Directory.Delete(run.Path, recursive: true);
        }

        output.WriteLine($"{fault}: {tried} of {steps} steps tried, {survived} ended as the unbroken run");
        Assert.Equal(tried, survived);
        Assert.NotEqual(0, tried);
    }

    [Fact]
    public async Task A_process_that_was_killed_at_any_write_leaves_a_run_that_ends_as_the_unbroken_one()
    {
        string? every = Environment.GetEnvironmentVariable(EveryVariable);
        Assert.SkipWhen(every is null || !IsTried("Process") || Environment.GetEnvironmentVariable(ChildVariable) is not null, "processes are killed by eng/faults.sh");
        using SmallRun small = new();
        (SortedDictionary<string, string> whole, int steps) = await UnbrokenAsync(small, Fault.Kill);
        int tried = 0, survived = 0;
        for (int step = 1; step <= steps; step += int.Parse(every, System.Globalization.CultureInfo.InvariantCulture))
        {
            RunFolder run = small.Of($"killed-{step}");
            ProcessStartInfo start = new(Environment.ProcessPath!, ["-method", $"{typeof(FaultTests).FullName}.{nameof(The_child_of_that_test_is_ended)}"]) { RedirectStandardOutput = true };
            start.Environment["TMPDIR"] = Path.GetDirectoryName(run.Path);
            Directory.CreateDirectory(start.Environment["TMPDIR"]!);
            start.Environment[ChildVariable] = $"{step} {run.Path} {small.Settings.Corpus.Paths[0]}";
            using Process child = Process.Start(start)!;
            string said = await child.StandardOutput.ReadToEndAsync();
            await child.WaitForExitAsync();
            Assert.True(child.ExitCode is 137 or -1, $"it ended with {child.ExitCode}: {said}");
            await small.RunAsync(run);
            tried++;
            if (IsAs(whole, run, $"killed at step {step}")) survived++;
            Directory.Delete(start.Environment["TMPDIR"]!, recursive: true);
        }

        output.WriteLine($"killed processes: {tried} of {steps} steps tried, {survived} ended as the unbroken run");
        Assert.Equal(tried, survived);
    }

    [Fact]
    public async Task The_child_of_that_test_is_ended()
    {
        string? told = Environment.GetEnvironmentVariable(ChildVariable);
        Assert.SkipWhen(told is null, "it is the child of another test");
        string[] parts = told.Split(' ');
        using SmallRun small = new();
        Disk.Current = new FaultyDisk(Fault.Kill, int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), endsProcess: true);
        await new GenQPipeline(parts[1], small.Settings with { Corpus = CorpusSource.Documents(parts[2]) }).RunAsync();
        Assert.Fail("It was not ended.");
    }

    private static bool IsTried(string fault) => Environment.GetEnvironmentVariable(OnlyVariable) is not { Length: > 0 } only || only == fault;

    private static async Task<(SortedDictionary<string, string> Content, int Steps)> UnbrokenAsync(SmallRun small, Fault fault)
    {
        FaultyDisk counting = new(fault, at: 0);
        await small.RunAsync(small.Of("whole"), counting);
        return (SmallRun.Content(small.Of("whole")), counting.Steps);
    }

    private bool IsAs(SortedDictionary<string, string> whole, RunFolder run, string what)
    {
        SortedDictionary<string, string> content = SmallRun.Content(run);
        string[] differing = [.. whole.Keys.Union(content.Keys).Where(name => whole.GetValueOrDefault(name) != content.GetValueOrDefault(name))];
        if (differing.Length > 0) output.WriteLine($"{what}: {string.Join(", ", differing)} {(differing.Contains("genq.json") ? $"{whole["genq.json"]}\n{content.GetValueOrDefault("genq.json")}" : "")}");
        return differing.Length == 0;
    }
}
