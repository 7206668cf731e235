using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using GenQ.Data;

namespace GenQ.Cli;

/// <summary>A flag that stands for one setting.</summary>
internal static class SettingFlag
{
    /// <summary>Makes the flag; a value that is none of the setting is wrong usage.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="name">The flag as it is typed: "--queries".</param>
    /// <param name="hasDefault">Whether the help names the default; that of a run is its preset's.</param>
    public static Option Create(Setting setting, string name, bool hasDefault = true)
    {
        string help = hasDefault ? $"{setting.Help} Default: {setting.Default}." : setting.Help;
        string[] names = setting.Alias is { } alias ? [name, $"--{alias}"] : [name];
        if (setting.Type == typeof(bool)) return new Option<bool?>(names[0], names[1..]) { Description = setting.IsOptional ? help : setting.Help };
        Option<string?> flag = new(names[0], names[1..]) { Description = help, HelpName = Placeholder(setting) };
        if (setting.Words.Count > 0) flag.CompletionSources.Add([.. setting.Words]);
        flag.Validators.Add(result =>
        {
            try
            {
                foreach (Token token in result.Tokens) setting.Parse(token.Value);
            }
            catch (FormatException e)
            {
                result.AddError($"{result.IdentifierToken?.Value ?? name} {e.Message}");
            }
        });
        return flag;
    }

    /// <summary>Makes the flag of a setting of a run.</summary>
    /// <param name="name">The flag as it is typed: "--queries".</param>
    /// <param name="setting">The setting's name: "query.count".</param>
    public static (Setting Setting, Option Flag) Everyday(string name, string setting)
    {
        Setting named = SettingsSchema<GenQSettings>.Named(setting);
        Option flag = Create(named, name, hasDefault: false);
        flag.Hidden = WriterOptions.IsRare(name);
        return (named, flag);
    }

    /// <summary>Puts the flag's value among others, where it was given.</summary>
    public static void Put<T>(ParseResult parsed, JsonObject values, Setting setting, Option flag)
        where T : class, new()
    {
        switch (flag)
        {
            case Option<bool?> given when parsed.GetValue(given) is { } isSet:
                SettingsSchema<T>.Put(values, setting, JsonValue.Create(isSet));
                break;
            case Option<string?> given when parsed.GetValue(given) is { } text:
                SettingsSchema<T>.Put(values, setting, setting.Parse(text));
                break;
        }
    }

    private static string Placeholder(Setting setting) => setting.Words.Count > 0 ? "choice"
        : setting.Type == typeof(double) ? "number"
        : setting.Type == typeof(string) ? "name"
        : "n";
}
