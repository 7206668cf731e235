using System.Text.Json.Nodes;
using GenQ.Compute;

namespace GenQ.Tests.Cli;

[Collection(ConsoleRun.Collection)]
public sealed class BenchCommandTests
{
    [Fact]
    public async Task Parts_are_timed_beside_a_yardstick_of_the_same_run()
    {
        ConsoleRun run = await ConsoleRun.OfAsync("", "bench", "encode", "generate", "tokenize", "--mini", "--rounds", "1", "--json");
        Assert.Equal(0, run.ExitCode);
        JsonObject[] results = [.. JsonNode.Parse(run.Output)!["results"]!.AsArray().Select(result => result!.AsObject())];
        Assert.Equal(["encode", "generate", "tokenize", "tokenize"], results.Select(result => result["what"]!.GetValue<string>()));
        Assert.All(results, result => Assert.True(result["rate"]!.GetValue<double>() > 0));
        Assert.All(results, result => Assert.True(result["peak_bytes"]!.GetValue<long>() > 1_000_000));
        Assert.All(results[..2], result =>
        {
            Assert.InRange(result["share"]!.GetValue<double>(), 0.001, 1.5);
            Assert.True(result["gemm_gflops"]!.GetValue<double>() > 0);
            Assert.Equal(("mini", CpuFeatures.Current.Resolve(Precision.Auto).ToString().ToLowerInvariant()), (result["size"]!.GetValue<string>(), result["precision"]!.GetValue<string>()));
        });
        Assert.All(results[2..], result => Assert.Null(result["size"]));
    }

    [Fact]
    public async Task An_unknown_part_is_wrong_usage()
    {
        ConsoleRun run = await ConsoleRun.OfAsync("", "bench", "everything");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("everything", run.Error, StringComparison.Ordinal);
    }
}
