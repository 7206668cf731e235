using System.Reflection;
using System.Text.Json;

namespace GenQ.Data;

/// <summary>Reads the declarations of settings off the properties of records.</summary>
internal static class SettingsReader
{
    /// <summary>The settings of a record and of its groups.</summary>
    /// <param name="record">The record's type.</param>
    /// <param name="defaults">A record with the defaults.</param>
    /// <param name="group">What goes in front of the names.</param>
    public static List<Setting> Read(Type record, object defaults, string group)
    {
        Dictionary<string, Setting> own = Own(record, defaults, group).ToDictionary(found => found.Property.Name, found => found.Setting);
        List<Setting> all = [];
        foreach (PropertyInfo property in record.GetProperties())
        {
            if (own.TryGetValue(property.Name, out Setting? setting)) all.Add(setting);
            else if (property.GetCustomAttribute<SettingGroupAttribute>() is not null)
                all.AddRange(Read(property.PropertyType, property.GetValue(defaults)!, $"{group}{KebabCase(property.Name)}."));
        }

        return all;
    }

    /// <summary>The settings that a record declares itself.</summary>
    /// <inheritdoc cref="Read"/>
    public static IEnumerable<(PropertyInfo Property, Setting Setting)> Own(Type record, object defaults, string group)
    {
        foreach (PropertyInfo property in record.GetProperties())
        {
            if (property.GetCustomAttribute<SettingAttribute>() is { } declared)
            {
                yield return (property, Declared(property, declared, defaults, group));
            }
            else if (property.GetCustomAttribute<SettingOfAttribute>()?.Record is { } other)
            {
                Setting same = Own(other, Activator.CreateInstance(other)!, group).First(found => found.Property.Name == property.Name).Setting;
                yield return (property, same with { Default = $"the generator's own, else {same.Default}", IsOptional = true });
            }
        }
    }

    private static Setting Declared(PropertyInfo property, SettingAttribute declared, object defaults, string group)
    {
        Type? value = Nullable.GetUnderlyingType(property.PropertyType);
        Type type = value ?? property.PropertyType;
        bool isOptional = value is not null || new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        SettingRange? range = IsNumber(type) ? new SettingRange(declared.AtLeast, declared.AtMost, declared.Above, declared.Below) : null;
        Setting setting = new(group + KebabCase(property.Name), type, declared.Help, "", range, isOptional, declared.Decides, declared.Alias, declared.CameLater);
        string? text = JsonSerializer.SerializeToNode(property.GetValue(defaults), IndentedJson.Options) is { } node ? setting.TextOf(node) : null;
        string[] words = [.. new[] { text, declared.Default }.OfType<string>()];
        return setting with { Default = words.Length == 0 ? Setting.None : string.Join(", ", words) };
    }

    private static bool IsNumber(Type type) => type == typeof(int) || type == typeof(long) || type == typeof(double);

    private static string KebabCase(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
