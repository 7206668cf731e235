using System.Diagnostics;
using System.Globalization;

namespace GenQ.Compute;

/// <summary>The most memory that this process has held.</summary>
internal static class PeakMemory
{
    /// <summary>Begins to measure anew, where the system can: on Linux. Elsewhere the peak is that of the process.</summary>
    public static void Reset()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A container may forbid it.
        }
    }

    /// <summary>The most bytes that were resident since.</summary>
    public static long Read()
    {
        if (OperatingSystem.IsLinux() && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line)
            return long.Parse(line["VmHWM:".Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
