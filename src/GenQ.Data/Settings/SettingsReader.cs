using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GenQ.Data;

/// <summary>Reads the declarations of settings off the properties of records.</summary>
internal static class SettingsReader
{
    /// <summary>The settings of a record and of its groups.</summary>
    /// <param name="record">The record's type.</param>
    /// <param name="defaults">A record with the defaults; <see langword="null"/> where they depend on something else.</param>
    /// <param name="group">What goes in front of the names.</param>
    public static List<Setting> Read(Type record, object? defaults, string group)
    {
        Dictionary<string, Setting> own = Own(record, defaults, group).ToDictionary(found => found.Property.Name, found => found.Setting);
        List<Setting> all = [];
        foreach (PropertyInfo property in record.GetProperties())
        {
            if (own.TryGetValue(property.Name, out Setting? setting)) all.Add(setting);
            else if (property.GetCustomAttribute<SettingGroupAttribute>() is not null)
                all.AddRange(Read(property.PropertyType, defaults is null ? null : property.GetValue(defaults), $"{group}{KebabCase(property.Name)}."));
        }

        return all;
    }

    /// <summary>The settings that a record declares itself.</summary>
    /// <inheritdoc cref="Read"/>
    public static IEnumerable<(PropertyInfo Property, Setting Setting)> Own(Type record, object? defaults, string group)
    {
        foreach (PropertyInfo property in record.GetProperties())
        {
            SettingAttribute? declared = property.GetCustomAttribute<SettingAttribute>();
            string? elsewhere = null;
            if (property.GetCustomAttribute<SettingOfAttribute>() is { } other)
            {
                Setting same = Own(other.Record, Activator.CreateInstance(other.Record), "").First(found => found.Property.Name == property.Name).Setting;
                declared = other.Record.GetProperty(property.Name)!.GetCustomAttribute<SettingAttribute>();
                elsewhere = same.Default;
            }

            if (declared is null) continue;
            Type? value = Nullable.GetUnderlyingType(property.PropertyType);
            Type type = value ?? property.PropertyType;
            bool isOptional = value is not null || new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
            string name = group + KebabCase(property.Name);
            yield return (property, new Setting(
                name, type, declared.Help, elsewhere is null ? DefaultOf(declared, property, defaults) : $"the generator's own, else {elsewhere}",
                IsNumber(type) ? new SettingRange(declared.AtLeast, declared.AtMost, declared.Above, declared.Below) : null, isOptional, declared.Decides, declared.Alias));
        }
    }

    private static string DefaultOf(SettingAttribute declared, PropertyInfo property, object? defaults)
    {
        JsonNode? value = defaults is null ? null : JsonSerializer.SerializeToNode(property.GetValue(defaults), IndentedJson.Options);
        string text = value switch
        {
            null => "",
            { } node when node.GetValueKind() == JsonValueKind.String => node.GetValue<string>().Replace('_', '-'),
            _ => value.ToJsonString(),
        };
        return declared.Default is null ? text.Length == 0 ? Setting.None : text
            : text.Length == 0 ? declared.Default : $"{text}, {declared.Default}";
    }

    private static bool IsNumber(Type type) => type == typeof(int) || type == typeof(long) || type == typeof(double);

    private static string KebabCase(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
