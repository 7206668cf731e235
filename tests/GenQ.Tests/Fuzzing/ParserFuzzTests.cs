using System.Diagnostics;
using System.Globalization;
using GenQ.Data;

namespace GenQ.Tests.Fuzzing;

/// <summary>
/// Damaged inputs for every parser: each is read, or refused in words, soon and with little memory. eng/fuzz.sh runs the same for as long as one likes.
/// </summary>
public sealed class ParserFuzzTests
{
    private const int InSuite = 150, MostSeconds = 10;
    private const long MostBytes = 600L << 20;

    // What eng/fuzz.sh sets: inputs and seconds for each parser, which one alone is tried, and where those inputs go that are no good.
    private static readonly int? Inputs = Number("GENQ_FUZZ_INPUTS"), Seconds = Number("GENQ_FUZZ_SECONDS"), Seed = Number("GENQ_FUZZ_SEED");
    private static readonly string? Findings = Environment.GetEnvironmentVariable("GENQ_FUZZ_FINDINGS"), Only = Environment.GetEnvironmentVariable("GENQ_FUZZ_PARSER");

    public static TheoryData<string> Parsers => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Parsers))]
    public void A_damaged_input_is_read_or_refused_in_words(string name)
    {
        Assert.SkipUnless(Only is not { Length: > 0 } || Only == name, "eng/fuzz.sh tries another parser");
        FuzzTarget target = FuzzTargets.All.Single(target => target.Name == name);
        string memory = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        string current = Path.Combine(memory, $"genq-fuzz-{Environment.ProcessId}-{name.Replace(' ', '-')}");
        using TemporaryFolder folder = new(memory);
        foreach (byte[] seed in target.Seeds) Read(target, seed, folder);

        Mutator mutator = new(target.Seeds, Seed ?? 1);
        Dictionary<string, byte[]> findings = [];
        Stopwatch clock = Stopwatch.StartNew();
        long started = Stopwatch.GetTimestamp(), slowest = 0;
        byte[] input = [];
        using Timer watch = new(_ => EndWhereItHangs(), null, 1000, 1000);
        int count = 0, refused = 0;
        for (; Seconds is { } most ? clock.Elapsed.TotalSeconds < most : count < (Inputs ?? InSuite); count++)
        {
            input = mutator.Next();

            // Where it ends the process, this is what is left.
            if (Findings is not null) File.WriteAllBytes(current, input);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Volatile.Write(ref started, Stopwatch.GetTimestamp());
            try
            {
                if (!Read(target, input, folder)) refused++;
            }
            catch (Exception e)
            {
                Found($"{e.GetType().Name}: {e.Message.Split('\n')[0]} {Frame(e)}");
            }

            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(started).Ticks);
            if (GC.GetAllocatedBytesForCurrentThread() - before > MostBytes) Found($"allocates more than {MostBytes >> 20} MB");
        }

        watch.Change(Timeout.Infinite, Timeout.Infinite);
        File.Delete(current);
        TestContext.Current.SendDiagnosticMessage($"{name}: {count:N0} inputs, {refused:N0} refused in words, the slowest {TimeSpan.FromTicks(slowest).TotalMilliseconds:N0} ms, {findings.Count} findings");
        Assert.True(findings.Count == 0, string.Join('\n', findings.Select(finding => $"{finding.Key} [{Convert.ToBase64String(finding.Value[..Math.Min(300, finding.Value.Length)])}]")));

        void Found(string what)
        {
            if (!findings.TryAdd(what, input) || Findings is null) return;
            Directory.CreateDirectory(Findings);
            File.WriteAllBytes(Path.Combine(Findings, $"{name.Replace(' ', '-')}-{findings.Count}"), input);
            File.WriteAllText(Path.Combine(Findings, $"{name.Replace(' ', '-')}-{findings.Count}.txt"), what);
        }

        // A thread that reads cannot be stopped: the process is.
        void EndWhereItHangs()
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref started)).TotalSeconds < MostSeconds || Findings is null) return;
            Found($"takes more than {MostSeconds} s");
            Environment.FailFast($"{name}: an input takes more than {MostSeconds} s; it lies in {Findings}.");
        }
    }

    // False where it is refused in words that a person can read.
    private static bool Read(FuzzTarget target, byte[] input, TemporaryFolder folder)
    {
        try
        {
            target.Read(input, folder);
            return true;
        }
        catch (GenQException e)
        {
            Assert.InRange(e.Message.Length, 1, InputLimits.MessageCharacters + 1);
            return false;
        }
    }

    private static string Frame(Exception e)
    {
        StackFrame[] frames = new StackTrace(e).GetFrames();
        return frames.Select(frame => $"at {frame.GetMethod()?.DeclaringType?.FullName}.{frame.GetMethod()?.Name}").FirstOrDefault(name => name.StartsWith("at GenQ.", StringComparison.Ordinal)) ?? "";
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;
}
