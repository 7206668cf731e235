using System.Globalization;
using GenQ.Data;

namespace GenQ.Extensions;

/// <summary>Names what is in a run folder by the time and the length of the files that a search reads: a run that has changed has another one.</summary>
/// <remarks>Some twenty look-ups, so it is cheap enough to be asked every second. Watchers of the file system miss changes on network drives and behind links.</remarks>
internal readonly record struct RunVersion(string Files)
{
    /// <summary>Looks at a run folder; files that are missing count too.</summary>
    public static RunVersion Of(RunFolder run) => new(string.Join(
        '|', new[] { run.Settings, run.Passages, run.Index, run.WordIndex, run.Fusion }.Concat(Below(run.Onnx)).Concat(Below(run.Model)).Select(Describe)));

    private static IEnumerable<string> Below(string folder)
        => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [];

    private static string Describe(string file)
    {
        FileInfo info = new(file);
        return info.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file}:{info.LastWriteTimeUtc.Ticks}:{info.Length}") : file;
    }
}
