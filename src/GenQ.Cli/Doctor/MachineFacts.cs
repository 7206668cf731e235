using System.Runtime.InteropServices;
using System.Text;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Onnx;
using GenQ.Text;

namespace GenQ.Cli.Doctor;

/// <summary>What of a machine decides how a run goes there.</summary>
/// <param name="Processor">The processor's name.</param>
/// <param name="Features">What it can multiply.</param>
/// <param name="Cores">Logical processors this process may use.</param>
/// <param name="Torch">What libtorch has measured; <see langword="null"/> where it cannot be loaded.</param>
/// <param name="TorchProblem">Why it cannot.</param>
/// <param name="HasOnnxRuntime">Whether ONNX Runtime can be loaded.</param>
/// <param name="Glibc">The version of the C library; <see langword="null"/> where it is another one.</param>
/// <param name="IsLinux">Whether this is Linux.</param>
/// <param name="MemoryBytes">The memory this process may use.</param>
/// <param name="DiskFolder">The folder in which a run would be begun.</param>
/// <param name="DiskBytes">What is free there.</param>
/// <param name="CacheFolder">Where models of the hub are kept.</param>
/// <param name="CacheProblem">Why it cannot be written; <see langword="null"/> where it can.</param>
/// <param name="IsOffline">Whether the hub is not to be asked.</param>
/// <param name="DecomposesAccents">Whether Unicode decomposition works, which the tokenizers of BERT and MPNet need.</param>
/// <param name="System">The operating system and its version.</param>
/// <param name="Runtime">The .NET runtime and its version.</param>
internal sealed record MachineFacts(
    string Processor,
    CpuFeatures Features,
    int Cores,
    MachineReport? Torch,
    string? TorchProblem,
    bool HasOnnxRuntime,
    Version? Glibc,
    bool IsLinux,
    long MemoryBytes,
    string DiskFolder,
    long DiskBytes,
    string CacheFolder,
    string? CacheProblem,
    bool IsOffline,
    bool DecomposesAccents,
    string System,
    string Runtime)
{
    /// <summary>Looks at this machine, and multiplies matrices for about a second.</summary>
    public static MachineFacts Gather(int? threads)
    {
        MachineReport? torch = null;
        string? problem = null;
        try
        {
            if (threads is { } count) Threads.Use(count);
            torch = MachineReport.Measure();
        }
        catch (GenQException e)
        {
            problem = e.Message;
        }

        HubOptions hub = HubOptions.FromEnvironment();
        string folder = Environment.CurrentDirectory;
        return new MachineFacts(
            CpuFeatures.ProcessorName,
            CpuFeatures.Current,
            Environment.ProcessorCount,
            torch,
            problem,
            OnnxEncoder.IsSupported,
            FindGlibc(),
            OperatingSystem.IsLinux(),
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            folder,
            new DriveInfo(folder).AvailableFreeSpace,
            hub.CacheFolder,
            WhyNotWritten(hub.CacheFolder),
            hub.Offline,
            "\u00E9".Normalize(NormalizationForm.FormD).Length == 2,
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription);
    }

    // The folder itself may be made later: what counts is the nearest one that is there.
    internal static string? WhyNotWritten(string folder)
    {
        string? there = Path.GetFullPath(folder);
        while (there is not null && !Directory.Exists(there))
        {
            if (File.Exists(there)) return $"'{there}' is a file";
            there = Path.GetDirectoryName(there);
        }

        try
        {
            using FileStream probe = new(
                Path.Combine(there ?? folder, $".genq-{Guid.NewGuid():N}"), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"'{there}' cannot be written";
        }
    }

    private static Version? FindGlibc()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out nint library) || !NativeLibrary.TryGetExport(library, "gnu_get_libc_version", out nint function)) return null;
        return Version.TryParse(Marshal.PtrToStringUTF8(Marshal.GetDelegateForFunctionPointer<GetVersion>(function)()), out Version? version) ? version : null;
    }

    private delegate nint GetVersion();
}
