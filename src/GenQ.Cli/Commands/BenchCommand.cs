using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using GenQ.Benchmarks;

namespace GenQ.Cli.Commands;

/// <summary><c>genq bench</c>: how fast the parts are here, beside what the machine could do.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        Argument<string[]> parts = new("PART")
        {
            Description = $"What to time: {string.Join(", ", Benchmark.Parts)}; all of them by default.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        parts.AcceptOnlyFromAmong([.. Benchmark.Parts]);
        Option<bool> mini = new("--mini") { Description = "Networks of the mini models' sizes, not MPNet-base's and T5-base's." };
        Option<int> rounds = new Option<int>("--rounds")
        {
            Description = "Rounds of which the median counts.",
            DefaultValueFactory = _ => 5,
        }.AtLeast(1);
        Command command = new("bench", """
            Times training, encoding, generation, search and reading on made-up data and random weights. Shares are of the rate that bare
            matrix products (for a search: bare reading) reached in the same run.

            Example:
              genq bench encode train --mini
            """)
        {
            parts, mini, rounds, CommonOptions.Precision, CommonOptions.Int8, CommonOptions.Threads, CommonOptions.Json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            Benchmark benchmark = new(new BenchmarkOptions
            {
                IsMini = parsed.GetValue(mini),
                Precision = parsed.GetValue(CommonOptions.Precision),
                Int8Weights = parsed.GetValue(CommonOptions.Int8),
                Rounds = parsed.GetValue(rounds),
            });
            bool json = parsed.GetValue(CommonOptions.Json);
            List<BenchmarkResult> results = [];
            foreach (string part in parsed.GetValue(parts) is { Length: > 0 } asked ? asked : [.. Benchmark.Parts])
            {
                IReadOnlyList<BenchmarkResult> found = await benchmark.RunAsync(part, cancellation);
                results.AddRange(found);
                if (!json) foreach (BenchmarkResult result in found) Console.Out.WriteLine(ToText(result));
            }

            double peak = Process.GetCurrentProcess().PeakWorkingSet64 / 1e9;
            if (json) Console.Out.WriteLine(ToJson(results, peak).ToJsonString());
            else Console.Out.WriteLine($"peak memory {peak.ToString("0.0", CultureInfo.InvariantCulture)} GB");
            return 0;
        });
        return command;
    }

    private static string ToText(BenchmarkResult result)
    {
        string share = result.Share is { } value
            ? string.Create(CultureInfo.InvariantCulture, $"   {value:0.00} of {result.Yardstick:0} {result.YardstickUnit}")
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{result.Name,-10}{result.Work,-60}{result.Rate,10:0.0} {result.Unit,-10}{share}");
    }

    private static JsonObject ToJson(List<BenchmarkResult> results, double peak) => new()
    {
        ["results"] = new JsonArray([.. results.Select(result => new JsonObject
        {
            ["name"] = result.Name,
            ["work"] = result.Work,
            ["rate"] = result.Rate,
            ["unit"] = result.Unit,
            ["yardstick"] = result.Yardstick,
            ["yardstick_unit"] = result.YardstickUnit,
            ["share"] = result.Share,
        })]),
        ["peak_memory_gb"] = Math.Round(peak, 2),
    };
}
