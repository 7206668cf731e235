using System.Text.Json.Nodes;
using GenQ.Compute;

namespace GenQ.Tests.Cli;

[Collection(ConsoleRun.Collection)]
public sealed class DoctorCommandTests
{
    [Fact]
    public async Task The_json_says_what_was_found_and_what_follows()
    {
        ConsoleRun run = await ConsoleRun.OfAsync("", "doctor", "--json");
        Assert.Equal(0, run.ExitCode);
        JsonNode report = JsonNode.Parse(Assert.Single(run.Lines))!;
        CpuFeatures cpu = CpuFeatures.Current;
        Assert.Equal(cpu.Resolve(Precision.Auto) == Precision.Bf16 ? "bf16" : "fp32", report["precision"]!.GetValue<string>());
        Assert.True(report["gflops"]!["fp32"]!.GetValue<double>() > 0);
        Assert.Equal(cpu.MultipliesBf16, report["gflops"]!["bf16"] is not null);
        Assert.True(report["unicode"]!.GetValue<bool>());
        Assert.NotEmpty(report["processor"]!.GetValue<string>());
        Assert.Matches(@"^\d+\.\d+\.\d+", report["libtorch"]!.GetValue<string>());
        Assert.True(report["memory_bytes"]!.GetValue<long>() > 1 << 20);
    }

    [Fact]
    public async Task Without_json_it_is_a_list_for_people()
    {
        ConsoleRun run = await ConsoleRun.OfAsync("", "doctor");
        Assert.Equal(
            ["processor", "features", "precision", "matmul", "libtorch", "switches", "memory", "system", "Unicode"],
            run.Lines.Select(line => line.Split(' ')[0]));
        Assert.Contains(CpuFeatures.Current.Reason, run.Output, StringComparison.Ordinal);
    }
}
