using System.Globalization;
using GenQ.Compute;
using GenQ.Data;

namespace GenQ.Training;

/// <summary>What a training was asked to do, by name, as its options declare their settings: for checkpoints, runs and model cards.</summary>
internal static class TrainingDescription
{
    /// <summary>What of the options decides which weights come out.</summary>
    /// <param name="options">The trainer's settings.</param>
    /// <param name="precision">The one that is computed in.</param>
    /// <param name="seed">Where all draws come from.</param>
    public static Dictionary<string, string> Identity<TOptions>(TOptions options, Precision precision, long seed)
        where TOptions : class, new() => new(SettingsSchema<TOptions>.Identity(options))
        {
            ["precision"] = InWords(precision),
            ["seed"] = seed.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>The rows of a model card's table: what came of the settings, then each of them in the order of declaration.</summary>
    /// <param name="options">The trainer's settings.</param>
    /// <param name="precision">The one that is computed in.</param>
    /// <param name="seed">Where all draws come from.</param>
    /// <param name="computed">Names and values of what no setting says.</param>
    public static IEnumerable<KeyValuePair<string, string>> Rows<TOptions>(
        TOptions options, Precision precision, long seed, params IEnumerable<KeyValuePair<string, string>> computed)
        where TOptions : class, new() =>
    [
        .. computed,
        .. SettingsSchema<TOptions>.All.Select(setting => KeyValuePair.Create(Title(setting.Name), ValueOf(options, setting))),
        new("Precision", InWords(precision)),
        new("Seed", seed.ToString(CultureInfo.InvariantCulture)),
    ];

    private static string ValueOf<TOptions>(TOptions options, Setting setting)
        where TOptions : class, new()
    {
        string value = SettingsSchema<TOptions>.ValueOf(options, setting);
        return value == Setting.None ? setting.Default : value;
    }

    private static string InWords(Precision precision) => precision.ToString().ToLowerInvariant();

    // "batch-size" is the row "Batch size".
    private static string Title(string name) => char.ToUpperInvariant(name[0]) + name[1..].Replace('-', ' ');
}
