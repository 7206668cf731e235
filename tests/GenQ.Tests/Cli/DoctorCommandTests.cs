using System.Text.Json.Nodes;
using GenQ.Cli.Doctor;
using GenQ.Compute;

namespace GenQ.Tests.Cli;

[Collection(ConsoleRun.Collection)]
public sealed class DoctorCommandTests
{
    private static readonly CpuFeatures Modern = new(true, true, true, true, true, false), Plain = new(true, false, false, false, false, false);

    private static readonly MachineFacts Good = new(
        "A processor", Modern, 2, new() { Threads = 2, Fp32Gflops = 100, Bf16Gflops = 200, LibtorchVersion = "2.9.0", TorchSharpVersion = "0.107.0", Switches = [] },
        null, true, new Version(2, 36), true, 8L << 30, "/home/runs", 50_000_000_000, "/home/cache", null, false, true, "Linux", ".NET 10");

    [Fact]
    public async Task The_json_says_what_was_found_and_what_follows()
    {
        ConsoleRun run = await ConsoleRun.OfAsync("", "doctor", "--json");
        JsonNode report = JsonNode.Parse(Assert.Single(run.Lines))!;
        CpuFeatures cpu = CpuFeatures.Current;
        Assert.Equal(cpu.Resolve(Precision.Auto) == Precision.Bf16 ? "bf16" : "fp32", report["precision"]!.GetValue<string>());
        Assert.True(report["gflops"]!["fp32"]!.GetValue<double>() > 0);
        Assert.Equal(cpu.MultipliesBf16, report["gflops"]!["bf16"] is not null);
        Assert.True(report["unicode"]!.GetValue<bool>());
        Assert.NotEmpty(report["processor"]!.GetValue<string>());
        Assert.Matches(@"^\d+\.\d+\.\d+", report["libtorch"]!.GetValue<string>());
        Assert.True(report["memory_bytes"]!.GetValue<long>() > 1 << 20);
        JsonArray findings = report["findings"]!.AsArray();
        Assert.Equal(findings.Any(finding => finding!["mark"]!.GetValue<string>() == "problem") ? 1 : 0, run.ExitCode);
        Assert.Contains("libtorch", findings.Select(finding => finding!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Without_json_each_finding_is_a_line_with_a_mark_and_its_advice_below()
    {
        using TemporaryFolder folder = new();
        ConsoleRun run = await ConsoleRun.OfAsync("", "doctor", folder["nowhere"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(CpuFeatures.Current.Reason, run.Output, StringComparison.Ordinal);
        Assert.All(run.Lines, line => Assert.Matches(@"^(?:[✓!✗] \w+ +\S|  +→ )", line));
        Assert.Equal(["✗ run        " + folder["nowhere"] + ": it has no genq.json", "             → Name the folder that genq run was given with -o."], run.Lines[^2..]);
    }

    [Fact]
    public void A_good_machine_has_nothing_to_mend() => Assert.All(Diagnosis.Of(Good, []), finding => Assert.Equal((FindingMark.Ok, null), (finding.Mark, finding.Advice)));

    public static TheoryData<string, string, string> Troubles => new()
    {
        { "memory", "Problem", "training.batch-size=8" },
        { "disk", "Problem", "Free some" },
        { "libtorch", "Problem", "Reference the package" },
        { "unicode", "Problem", "ICU" },
        { "glibc", "Problem", "2.34" },
        { "onnx", "Note", "Microsoft.ML.OnnxRuntime" },
        { "cache", "Note", "HF_HOME" },
        { "hub", "Note", "genq download" },
        { "threads", "Note", "OMP_NUM_THREADS" },
        { "processor", "Note", "AVX2" },
        { "precision", "Note", "query.int8-weights=true" },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public void What_could_be_better_has_its_mark_and_says_what_to_do(string name, string mark, string advice)
    {
        MachineFacts machine = name switch
        {
            "memory" => Good with { MemoryBytes = 2L << 30 },
            "disk" => Good with { DiskBytes = 2_000_000_000 },
            "libtorch" => Good with { Torch = null, TorchProblem = "Reference the package TorchSharp-cpu." },
            "unicode" => Good with { DecomposesAccents = false },
            "glibc" => Good with { Glibc = new Version(2, 31) },
            "onnx" => Good with { HasOnnxRuntime = false },
            "cache" => Good with { CacheProblem = "'/home' cannot be written" },
            "hub" => Good with { IsOffline = true },
            "threads" => Good with { Cores = 4 },
            "processor" => Good with { Features = Modern with { Avx2 = false } },
            _ => Good with { Features = Plain, Torch = new() { Threads = 2, Fp32Gflops = 100, Bf16Gflops = null, LibtorchVersion = "2.9.0", TorchSharpVersion = "0.107.0", Switches = [] } },
        };
        Finding found = Assert.Single(Diagnosis.Of(machine, []), finding => finding.Mark != FindingMark.Ok);
        Assert.Equal((name, mark), (found.Name, found.Mark.ToString()));
        Assert.Contains(advice, found.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 300, "--precision bf16")]
    [InlineData(false, 50, "--precision fp32")]
    public void A_precision_that_is_slower_than_the_other_is_told(bool isHidden, double bf16, string advice)
    {
        MachineFacts machine = Good with
        {
            Features = Modern with { AmxBf16 = !isHidden, HalfRateBf16 = isHidden },
            Torch = new() { Threads = 2, Fp32Gflops = 100, Bf16Gflops = bf16, LibtorchVersion = "2.9.0", TorchSharpVersion = "0.107.0", Switches = [] },
        };
        Assert.Contains(advice, Diagnosis.Of(machine, []).Single(finding => finding.Name == "precision").Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_of_an_older_GenQ_is_a_note_and_one_of_a_newer_a_problem()
    {
        using TemporaryFolder folder = new();
        Assert.Equal([FindingMark.Note, FindingMark.Problem], ((string[])["0.1.0", "99.0.0"]).Select(version =>
        {
            Directory.CreateDirectory(folder[version]);
            File.WriteAllText(folder[version, "genq.json"], "{\"passages\": {\"recorded\": {\"version\": \"" + version + "\"}}}");
            return Diagnosis.Of(Good, [folder[version]])[^1].Mark;
        }));
    }

    [Fact]
    public void A_cache_below_a_file_cannot_be_written()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["file"], "");
        Assert.Null(MachineFacts.WhyNotWritten(folder["new", "cache"]));
        Assert.Contains("is a file", MachineFacts.WhyNotWritten(folder["file", "cache"]), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path, ".genq-*"));
    }
}
