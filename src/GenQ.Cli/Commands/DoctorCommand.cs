using System.CommandLine;
using System.Text.Json.Nodes;
using GenQ.Cli.Doctor;
using GenQ.Compute;
using Spectre.Console;

namespace GenQ.Cli.Commands;

/// <summary><c>genq doctor</c>: what GenQ finds in this machine, what it makes of it, and what to do.</summary>
internal static class DoctorCommand
{
    private const int ProblemExitCode = 1, NameColumns = 10;

    public static Command Create()
    {
        Argument<string[]> runs = new("RUN") { Description = "Run folders that are to be looked at too.", Arity = ArgumentArity.ZeroOrMore };
        Command command = new("doctor", """
            Says what this machine can compute, whether a run will go here, and what to do where it will not.

            It ends with exit code 1 where a run would stop.
            """)
        {
            runs, CommonOptions.Threads, CommonOptions.Json,
        };
        command.Validators.Add(result => CommonOptions.RefuseUnknown(result, runs));
        command.SetAction(parsed =>
        {
            MachineFacts machine = MachineFacts.Gather(parsed.GetValue(CommonOptions.Threads));
            IReadOnlyList<Finding> findings = Diagnosis.Of(machine, parsed.GetValue(runs) ?? []);
            if (parsed.GetValue(CommonOptions.Json)) Console.WriteLine(ToJson(machine, findings).ToJsonString());
            else Print(findings);
            return findings.Any(finding => finding.Mark == FindingMark.Problem) ? ProblemExitCode : 0;
        });
        return command;
    }

    private static void Print(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            (string mark, Color color) = finding.Mark switch
            {
                FindingMark.Ok => ("✓", Color.Green),
                FindingMark.Note => ("!", Color.Yellow),
                _ => ("✗", Color.Red),
            };
            Terminal.PrintHanging((mark, new Style(color)), finding.Name.PadRight(NameColumns), finding.Says);
            if (finding.Advice is { } advice) Terminal.PrintHanging((" ", Style.Plain), new string(' ', NameColumns), $"→ {advice}");
        }
    }

    private static JsonObject ToJson(MachineFacts machine, IReadOnlyList<Finding> findings) => new()
    {
        ["processor"] = machine.Processor,
        ["features"] = new JsonObject
        {
            ["avx2"] = machine.Features.Avx2,
            ["avx512"] = machine.Features.Avx512,
            ["avx512_bf16"] = machine.Features.Avx512Bf16,
            ["amx_bf16"] = machine.Features.AmxBf16,
            ["avx512_vnni"] = machine.Features.Avx512Vnni,
        },
        ["cores"] = machine.Cores,
        ["threads"] = machine.Torch?.Threads,
        ["precision"] = machine.Features.Resolve(Precision.Auto).ToString().ToLowerInvariant(),
        ["reason"] = machine.Features.Reason,
        ["gflops"] = new JsonObject
        {
            ["fp32"] = Tenths(machine.Torch?.Fp32Gflops),
            ["bf16"] = Tenths(machine.Torch?.Bf16Gflops),
        },
        ["libtorch"] = machine.Torch?.LibtorchVersion,
        ["torchsharp"] = machine.Torch?.TorchSharpVersion,
        ["switches"] = new JsonArray([.. (machine.Torch?.Switches ?? []).Select(name => JsonValue.Create(name))]),
        ["onnx_runtime"] = machine.HasOnnxRuntime,
        ["glibc"] = machine.Glibc?.ToString(),
        ["memory_bytes"] = machine.MemoryBytes,
        ["disk_free_bytes"] = machine.DiskBytes,
        ["cache"] = machine.CacheFolder,
        ["offline"] = machine.IsOffline,
        ["operating_system"] = machine.System,
        ["dotnet"] = machine.Runtime,
        ["unicode"] = machine.DecomposesAccents,
        ["findings"] = new JsonArray([.. findings.Select(finding => new JsonObject
        {
            ["name"] = finding.Name,
            ["mark"] = finding.Mark.ToString().ToLowerInvariant(),
            ["says"] = finding.Says,
            ["advice"] = finding.Advice,
        })]),
    };

    private static JsonNode? Tenths(double? rate) => rate is { } known ? Math.Round(known, 1) : null;
}
