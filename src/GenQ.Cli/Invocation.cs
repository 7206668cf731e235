using System.Text.RegularExpressions;
using GenQ.Data;

namespace GenQ.Cli;

/// <summary>The command line that makes a run again.</summary>
internal static partial class Invocation
{
    /// <summary>The command line: the documents, the preset, and what differs from it.</summary>
    /// <param name="run">Where the run lies.</param>
    /// <param name="settings">Its settings.</param>
    public static string Of(RunFolder run, GenQSettings settings)
    {
        PresetDifferences differences = PresetDifferences.Of(settings);
        IEnumerable<string> corpus = settings.Corpus.Kind switch
        {
            CorpusKind.Squad => ["--squad", Quoted(settings.Corpus.Path)],
            CorpusKind.Beir => ["--beir", Quoted(settings.Corpus.Path)],
            _ => settings.Corpus.Paths.Select(Quoted),
        };
        IEnumerable<string> preset = differences.Preset == Preset.Mini ? [] : ["--preset", differences.Preset.Name];
        return string.Join(' ', ["genq run", .. corpus, "-o", Quoted(run.Path), .. preset, .. differences.Settings.Select(found => RunOptions.FlagOf(found.Setting.Name, Quoted(found.Value)))]);
    }

    // As a shell of Unix takes it.
    private static string Quoted(string word) => Plain().IsMatch(word) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\A[\w@%+=:,./-]+\z")]
    private static partial Regex Plain();
}
