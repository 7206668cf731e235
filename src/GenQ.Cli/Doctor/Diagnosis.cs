using System.Globalization;
using GenQ.Compute;
using GenQ.Data;

namespace GenQ.Cli.Doctor;

/// <summary>Says of what was found in a machine how much it matters, and what to do.</summary>
internal static class Diagnosis
{
    // What a run with the mini models takes.
    private const long LeastMemory = 3L << 30, LeastDisk = 3_000_000_000;

    // What else a machine does disturbs a rate: only a clear difference is told.
    private const double ClearlyFaster = 1.5;

    private static readonly Version OldestGlibc = new(2, 34);

    /// <summary>The findings, in the order in which they are shown.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="runs">Folders of runs that are to be looked at too.</param>
    public static IReadOnlyList<Finding> Of(MachineFacts machine, IReadOnlyList<string> runs) =>
    [
        Processor(machine), Precision(machine), .. Rates(machine), Threads(machine), Torch(machine), Onnx(machine), System(machine), .. CLibrary(machine), Memory(machine), Disk(machine), Cache(machine),
        Hub(machine), Unicode(machine), .. runs.Select(Run),
    ];

    private static Finding Processor(MachineFacts machine)
    {
        CpuFeatures cpu = machine.Features;
        IEnumerable<string> features = new (string Name, bool IsThere)[]
        {
            ("AVX2", cpu.Avx2), ("AVX-512", cpu.Avx512), ("AVX512_BF16", cpu.Avx512Bf16), ("AMX_BF16", cpu.AmxBf16), ("AVX512_VNNI", cpu.Avx512Vnni),
        }.Select(feature => feature.IsThere ? feature.Name : $"no {feature.Name}");
        string says = $"{PlainLine.Of(machine.Processor)}, {Count(machine.Cores, "core")}; {string.Join(", ", features)}";
        return cpu.Avx2 ? new("processor", FindingMark.Ok, says) : new("processor", FindingMark.Note, says, "GenQ's kernels are made for AVX2. Expect a run to take several times as long.");
    }

    private static Finding Precision(MachineFacts machine)
    {
        CpuFeatures cpu = machine.Features;
        bool isBf16 = cpu.Resolve(Compute.Precision.Auto) == Compute.Precision.Bf16;
        double? gain = machine.Torch?.Bf16Gflops / machine.Torch?.Fp32Gflops;
        string? advice = (isBf16, gain) switch
        {
            (false, > ClearlyFaster) => string.Create(CultureInfo.InvariantCulture, $"bf16 is {gain:0.0} times as fast here: give a run --precision bf16."),
            (true, < 1 / ClearlyFaster) => string.Create(CultureInfo.InvariantCulture, $"fp32 is {1 / gain:0.0} times as fast here: give a run --precision fp32."),
            (false, _) => "Queries are written faster with --set query.int8-weights=true.",
            _ => null,
        };
        return new("precision", advice is null ? FindingMark.Ok : FindingMark.Note, cpu.Reason, advice);
    }

    private static IEnumerable<Finding> Rates(MachineFacts machine)
    {
        if (machine.Torch is not { } torch) yield break;
        string bf16 = torch.Bf16Gflops is { } rate ? $"bf16 {Rounded(rate)} GFLOPS" : "bf16 not measured: this processor would emulate it";
        yield return new("matmul", FindingMark.Ok, $"fp32 {Rounded(torch.Fp32Gflops)} GFLOPS, {bf16}");
    }

    private static Finding Threads(MachineFacts machine)
    {
        int threads = machine.Torch?.Threads ?? machine.Cores;
        string says = $"{threads} of {Count(machine.Cores, "core")} compute";
        return threads < machine.Cores ? new("threads", FindingMark.Note, says, "Leave out --threads, and OMP_NUM_THREADS where it is set, to compute with all.")
            : threads > machine.Cores ? new("threads", FindingMark.Note, says, "More threads than cores wait for each other: give at most as many.")
            : new("threads", FindingMark.Ok, says);
    }

    private static Finding Torch(MachineFacts machine) => machine.Torch is { } torch
        ? new("libtorch", FindingMark.Ok, $"{torch.LibtorchVersion}, TorchSharp {torch.TorchSharpVersion}; switched for speed: {(torch.Switches.Count == 0 ? "nothing" : string.Join(", ", torch.Switches))}")
        : new("libtorch", FindingMark.Problem, "cannot be loaded", machine.TorchProblem);

    private static Finding Onnx(MachineFacts machine) => machine.HasOnnxRuntime
        ? new("onnx", FindingMark.Ok, "ONNX Runtime is there: a search loads no torch")
        : new("onnx", FindingMark.Note, "ONNX Runtime cannot be loaded: a search loads torch in its place, genq mcp cannot search", "The package Microsoft.ML.OnnxRuntime has it, for this system and processor.");

    private static Finding System(MachineFacts machine) => new("system", FindingMark.Ok, $"{PlainLine.Of(machine.System)}, {machine.Runtime}");

    private static IEnumerable<Finding> CLibrary(MachineFacts machine)
    {
        if (!machine.IsLinux) yield break;
        string advice = $"libtorch needs glibc {OldestGlibc} or newer: take Debian 12, Ubuntu 22.04, RHEL 9 or a container of one of them.";
        yield return machine.Glibc switch
        {
            null => new("glibc", FindingMark.Problem, "another C library, such as musl of Alpine", advice),
            { } version when version < OldestGlibc => new("glibc", FindingMark.Problem, $"{version}", advice),
            { } version => new("glibc", FindingMark.Ok, $"{version}"),
        };
    }

    private static Finding Memory(MachineFacts machine)
    {
        string says = string.Create(CultureInfo.InvariantCulture, $"{machine.MemoryBytes / (double)(1 << 30):0.0} GiB");
        return machine.MemoryBytes >= LeastMemory
            ? new("memory", FindingMark.Ok, says)
            : new("memory", FindingMark.Problem, says, "A run with the mini models takes up to 3 GiB. Give the container more; or take less with --set training.batch-size=8, on few documents.");
    }

    private static Finding Disk(MachineFacts machine)
    {
        string says = string.Create(CultureInfo.InvariantCulture, $"{machine.DiskBytes / 1e9:N1} GB free in {PlainLine.Of(machine.DiskFolder)}");
        return machine.DiskBytes >= LeastDisk
            ? new("disk", FindingMark.Ok, says)
            : new("disk", FindingMark.Problem, says, "A run takes up to 3 GB. Free some, or put the run on another disk with -o. What was written stays: the same command goes on.");
    }

    private static Finding Cache(MachineFacts machine) => machine.CacheProblem is { } problem
        ? new("cache", FindingMark.Note, $"{PlainLine.Of(machine.CacheFolder)}: {PlainLine.Of(problem)}", "Models of the hub cannot be kept: set HF_HOME to a folder that can be written. The mini models need none.")
        : new("cache", FindingMark.Ok, $"{PlainLine.Of(machine.CacheFolder)} can be written");

    private static Finding Hub(MachineFacts machine) => machine.IsOffline
        ? new("hub", FindingMark.Note, "HF_HUB_OFFLINE is set: models come from the cache alone", "Unset it to fetch others, or fetch them elsewhere with genq download. The mini models need none.")
        : new("hub", FindingMark.Ok, "is asked where a model is neither a folder nor in the cache");

    private static Finding Unicode(MachineFacts machine) => machine.DecomposesAccents
        ? new("unicode", FindingMark.Ok, "works: an accent decomposes")
        : new("unicode", FindingMark.Problem, "an accent does not decompose, and the tokenizers of BERT and MPNet need that", "Install ICU (libicu), and leave .NET's invariant mode off.");

    private static Finding Run(string folder)
    {
        string name = PlainLine.Of(folder);
        RunFolder run = new(folder);
        if (!File.Exists(run.Settings)) return new("run", FindingMark.Problem, $"{name}: it has no genq.json", "Name the folder that genq run was given with -o.");
        try
        {
            Version own = Version.Parse(RunRecords.Version);
            Version oldest = new RunRecords(run.Settings).Root.Select(stage => stage.Value?["recorded"]?["version"]?.GetValue<string>())
                .Select(version => Version.TryParse(version, out Version? made) ? made : null).Min() ?? own;
            return (oldest.Major, oldest.Minor).CompareTo((own.Major, own.Minor)) < 0
                ? new("run", FindingMark.Note, $"{name}: begun by GenQ {oldest.ToString(3)}, this is {own}", "It is searched and gone on with as it is. Begin another run for what has become better since.")
                : new("run", FindingMark.Ok, $"{name}: made by GenQ {oldest.ToString(3)}");
        }
        catch (Exception e) when (e is GenQException or InvalidOperationException)
        {
            return new("run", FindingMark.Problem, $"{name}: cannot be read", PlainLine.Of(e.Message));
        }
    }

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    private static string Rounded(double rate) => rate.ToString("0", CultureInfo.InvariantCulture);
}
