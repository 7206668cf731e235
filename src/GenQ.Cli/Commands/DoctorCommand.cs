using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GenQ.Compute;
using GenQ.Models;

namespace GenQ.Cli.Commands;

/// <summary><c>genq doctor</c>: what GenQ finds in this machine, and what it makes of it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Command command = new("doctor", "Says what this machine can compute, how fast, and which precision that leads to.")
        {
            CommonOptions.Threads, CommonOptions.Json,
        };
        command.SetAction(parsed =>
        {
            CommonOptions.ApplyThreads(parsed);
            MachineReport report = MachineReport.Measure();
            Console.Out.WriteLine(parsed.GetValue(CommonOptions.Json) ? ToJson(report).ToJsonString() : ToText(report));
            return 0;
        });
        return command;
    }

    private static string ToText(MachineReport report)
    {
        CpuFeatures cpu = report.Features;
        string[] features =
        [
            .. new (string Name, bool IsThere)[]
            {
                ("AVX2", cpu.Avx2), ("AVX-512", cpu.Avx512), ("AVX512_BF16", cpu.Avx512Bf16), ("AMX_BF16", cpu.AmxBf16), ("AVX512_VNNI", cpu.Avx512Vnni),
            }.Select(feature => feature.IsThere ? feature.Name : $"no {feature.Name}"),
        ];
        string bf16 = report.Bf16Gflops is { } rate ? $"bf16 {Rounded(rate)} GFLOPS" : "bf16 not measured: this processor would emulate it";
        string unicode = report.DecomposesAccents
            ? "works: an accent decomposes"
            : "broken: install ICU, and leave .NET's invariant mode off";
        return $"""
            processor   {report.Processor}, {report.Cores} cores, {report.Threads} threads used
            features    {string.Join(", ", features)}
            precision   {cpu.Reason}
            matmul      fp32 {Rounded(report.Fp32Gflops)} GFLOPS, {bf16}
            libtorch    {report.LibtorchVersion}, TorchSharp {report.TorchSharpVersion}
            switches    {(report.Switches.Count == 0 ? "none" : string.Join(", ", report.Switches))}
            memory      {(report.MemoryBytes / (double)(1 << 30)).ToString("0.0", CultureInfo.InvariantCulture)} GiB
            system      {report.OperatingSystem}, {report.Runtime}
            Unicode     {unicode}
            """;
    }

    private static JsonObject ToJson(MachineReport report) => new()
    {
        ["processor"] = report.Processor,
        ["features"] = new JsonObject
        {
            ["avx2"] = report.Features.Avx2,
            ["avx512"] = report.Features.Avx512,
            ["avx512_bf16"] = report.Features.Avx512Bf16,
            ["amx_bf16"] = report.Features.AmxBf16,
            ["avx512_vnni"] = report.Features.Avx512Vnni,
        },
        ["cores"] = report.Cores,
        ["threads"] = report.Threads,
        ["precision"] = report.Features.Resolve(Precision.Auto).ToString().ToLowerInvariant(),
        ["reason"] = report.Features.Reason,
        ["gflops"] = new JsonObject
        {
            ["fp32"] = Tenths(report.Fp32Gflops),
            ["bf16"] = report.Bf16Gflops is { } rate ? Tenths(rate) : null,
        },
        ["libtorch"] = report.LibtorchVersion,
        ["torchsharp"] = report.TorchSharpVersion,
        ["switches"] = new JsonArray([.. report.Switches.Select(name => JsonValue.Create(name))]),
        ["memory_bytes"] = report.MemoryBytes,
        ["operating_system"] = report.OperatingSystem,
        ["dotnet"] = report.Runtime,
        ["unicode"] = report.DecomposesAccents,
    };

    private static double Tenths(double rate) => Math.Round(rate, 1);

    private static string Rounded(double rate) => rate.ToString("0", CultureInfo.InvariantCulture);
}
