using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using GenQ.Bench;
using GenQ.Compute;

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
            matrix multiplications (for a search: bare reading) reached in the same run.

            Example:
              genq bench encode train --mini
            """)
        {
            parts, mini, rounds, CommonOptions.Precision, CommonOptions.Int8, CommonOptions.Threads, CommonOptions.Json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            BenchmarkOptions options = new()
            {
                IsMini = parsed.GetValue(mini),
                Precision = parsed.GetValue(CommonOptions.Precision),
                Int8Weights = parsed.GetValue(CommonOptions.Int8),
                Rounds = parsed.GetValue(rounds),
            };
            Benchmark benchmark = new(options);
            bool json = parsed.GetValue(CommonOptions.Json);
            List<JsonObject> results = [];
            foreach (string part in parsed.GetValue(parts) is { Length: > 0 } asked ? asked : [.. Benchmark.Parts])
            {
                IReadOnlyList<BenchmarkResult> found = await benchmark.RunAsync(part, cancellation);
                foreach (BenchmarkResult result in found)
                {
                    if (json) results.Add(ToJson(result, options));
                    else Console.Out.WriteLine(ToText(result));
                }
            }

            if (json) Console.Out.WriteLine(new JsonObject { ["results"] = new JsonArray([.. results]) }.ToJsonString());
            else Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak memory {PeakBytes / 1e9:0.0} GB"));
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

    // Networks alone have a size and a precision, and are measured by bare matrix multiplications.
    private static JsonObject ToJson(BenchmarkResult result, BenchmarkOptions options)
    {
        bool isNetwork = result.YardstickUnit == "GFLOPS";
        string precision = options.Int8Weights && result.Name != "train" ? "int8" : CpuFeatures.Current.Resolve(options.Precision).ToString().ToLowerInvariant();
        return new JsonObject
        {
            ["what"] = result.Name,
            ["work"] = result.Work,
            ["size"] = isNetwork ? options.Size : null,
            ["precision"] = isNetwork ? precision : null,
            ["rate"] = result.Rate,
            ["unit"] = result.Unit,
            ["share"] = result.Share,
            ["gemm_gflops"] = isNetwork ? result.Yardstick : null,
            ["reading_gb_per_s"] = isNetwork ? null : result.Yardstick,
            ["peak_bytes"] = PeakBytes,
        };
    }

    // Of the whole process so far: a part that is to be measured alone is asked for alone.
    private static long PeakBytes => Process.GetCurrentProcess().PeakWorkingSet64;
}
