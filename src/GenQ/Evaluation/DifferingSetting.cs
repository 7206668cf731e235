using GenQ.Data;

namespace GenQ.Evaluation;

/// <summary>A setting in which runs differ.</summary>
/// <param name="Name">Its name; "documents" says where the passages come from.</param>
/// <param name="Values">Its value in each run, as it is typed.</param>
internal sealed record DifferingSetting(string Name, IReadOnlyList<string> Values)
{
    /// <summary>Finds the settings in which runs differ.</summary>
    public static IReadOnlyList<DifferingSetting> Of(IReadOnlyList<GenQSettings> runs) =>
    [
        .. SettingsSchema<GenQSettings>.All
            .Select(setting => new DifferingSetting(setting.Name, [.. runs.Select(run => SettingsSchema<GenQSettings>.ValueOf(run, setting))]))
            .Prepend(new DifferingSetting("documents", [.. runs.Select(run => string.Join(' ', run.Corpus.Paths))]))
            .Where(setting => setting.Values.Distinct().Count() > 1),
    ];
}
