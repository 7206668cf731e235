using System.CommandLine;
using GenQ.Data;

namespace GenQ.Cli.Commands;

/// <summary><c>genq settings</c>: every setting of a run, with its default.</summary>
internal static class SettingsCommand
{
    public static Command Create()
    {
        Option<string> preset = new Option<string>("--preset")
        {
            Description = "Whose defaults.",
            DefaultValueFactory = _ => Preset.Mini.Name,
        }.OneOf([.. Preset.All.Select(preset => preset.Name), "base"]);
        Command command = new("settings", """
            Lists every setting of a run: what it does, its default, the values it takes.

            Examples:
              genq settings
              genq settings --preset published --json
            """)
        {
            preset, CommonOptions.Json,
        };
        command.SetAction(parsed =>
        {
            GenQSettings settings = Preset.Named(parsed.GetValue(preset)!).Under(CorpusSource.None);
            if (parsed.GetValue(CommonOptions.Json))
            {
                Console.WriteLine(SettingsSchema<GenQSettings>.ToJson(settings).ToJsonString(IndentedJson.Options));
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
}
