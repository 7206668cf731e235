using GenQ.Data;

namespace GenQ;

/// <summary>A run's settings as what they differ in from a preset.</summary>
/// <param name="Preset">The preset from which they differ least.</param>
/// <param name="Settings">Those that differ, each with its value and the preset's, as they are typed.</param>
internal sealed record PresetDifferences(Preset Preset, IReadOnlyList<(Setting Setting, string Value, string Default)> Settings)
{
    /// <summary>Finds the preset and the differences.</summary>
    public static PresetDifferences Of(GenQSettings settings) => Preset.All.Select(preset => Of(settings, preset)).MinBy(found => found.Settings.Count)!;

    private static PresetDifferences Of(GenQSettings settings, Preset preset)
    {
        GenQSettings plain = preset.Under(settings.Corpus);
        GenQSettings defaults = settings.Chat.Writer is null ? plain : plain.ForLanguageModel();
        return new PresetDifferences(preset, [.. SettingsSchema<GenQSettings>.All
            .Select(setting => (Setting: setting, Value: SettingsSchema<GenQSettings>.ValueOf(settings, setting), Default: SettingsSchema<GenQSettings>.ValueOf(defaults, setting)))
            .Where(found => found.Value != found.Default)]);
    }
}
