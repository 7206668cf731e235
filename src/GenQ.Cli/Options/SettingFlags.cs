using System.CommandLine;
using System.Text.Json.Nodes;
using GenQ.Data;

namespace GenQ.Cli;

/// <summary>The flags of a record's settings: names, help, defaults and ranges are those that the record declares.</summary>
/// <typeparam name="T">The record.</typeparam>
internal sealed class SettingFlags<T>
    where T : class, new()
{
    private readonly (Setting Setting, Option Flag)[] _flags;

    /// <summary>Makes a flag for each setting.</summary>
    /// <param name="without">Names of settings that other options of the command stand for.</param>
    public SettingFlags(params ReadOnlySpan<string> without)
    {
        HashSet<string> others = [.. without];
        _flags = [.. SettingsSchema<T>.All.Where(setting => !others.Contains(setting.Name)).Select(setting => (setting, SettingFlag.Create(setting, $"--{setting.ShortName}")))];
    }

    /// <summary>The flags, in the order of the settings.</summary>
    public IEnumerable<Option> All => _flags.Select(own => own.Flag);

    /// <summary>Adds all flags to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option flag in All) command.Options.Add(flag);
    }

    /// <summary>A record, the defaults where none is given, under the values that were given.</summary>
    public T Read(ParseResult parsed, T? settings = null)
    {
        JsonObject values = [];
        foreach ((Setting setting, Option flag) in _flags) SettingFlag.Put<T>(parsed, values, setting, flag);
        return SettingsSchema<T>.With(settings ?? new T(), values);
    }
}
