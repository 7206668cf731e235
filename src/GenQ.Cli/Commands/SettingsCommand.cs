using System.CommandLine;
using System.Globalization;
using System.Text;
using GenQ.Data;

namespace GenQ.Cli.Commands;

/// <summary><c>genq settings</c>: every setting of a run, with its default.</summary>
internal static class SettingsCommand
{
    public static Command Create()
    {
        Option<bool> markdown = new("--markdown") { Description = "Print the table of docs/settings.md." };
        Command command = new("settings", """
            Lists every setting of a run: what it does, its default, the values it takes.

            Examples:
              genq settings
              genq settings --preset published --json
            """)
        {
            CommonOptions.Preset, markdown, CommonOptions.Json,
        };
        command.SetAction(parsed =>
        {
            GenQSettings settings = CommonOptions.PresetOf(parsed).Under(CorpusSource.None);
            if (parsed.GetValue(CommonOptions.Json))
            {
                Console.WriteLine(SettingsSchema<GenQSettings>.ToJson(settings).ToJsonString(IndentedJson.Options));
                return 0;
            }

            if (parsed.GetValue(markdown))
            {
                Console.Write(Table());
                return 0;
            }

            foreach (Setting setting in SettingsSchema<GenQSettings>.All)
            {
                string value = SettingsSchema<GenQSettings>.ValueOf(settings, setting);
                string text = value == Setting.None ? setting.Default : value;
                Console.WriteLine($"{setting.Name} = {text}");
                Console.WriteLine($"    {setting.Help} {(setting.Type == typeof(string) ? "" : $"It is {setting.Values}.")}".TrimEnd());
            }

            return 0;
        });
        return command;
    }
    /// <summary>The table of settings in the documentation: what each does, its values, and its defaults in both presets.</summary>
    internal static string Table()
    {
        GenQSettings[] presets = [.. Preset.All.Select(preset => preset.Under(CorpusSource.None))];
        StringBuilder table = new("| setting | what it does | values | mini | published | decides |\n|---|---|---|---|---|---|\n");
        foreach (Setting setting in SettingsSchema<GenQSettings>.All)
        {
            string values = setting.Type == typeof(string) ? "" : Cell(setting.Values);
            IEnumerable<string> defaults = presets.Select(settings => SettingsSchema<GenQSettings>.ValueOf(settings, setting))
                .Select(value => value == Setting.None ? Cell(setting.Default) : $"`{value}`");
            table.Append(CultureInfo.InvariantCulture, $"| `{setting.Name}` | {Cell(setting.Help)} | {values} | {string.Join(" | ", defaults)} | {(setting.Decides ? "yes" : "no")} |\n");
        }

        return table.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
