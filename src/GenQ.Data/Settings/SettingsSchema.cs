using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GenQ.Data;

/// <summary>The settings that a record declares with <see cref="SettingAttribute"/>, those of its groups included.</summary>
/// <typeparam name="T">The record; <c>new()</c> holds its defaults.</typeparam>
internal static class SettingsSchema<T>
    where T : class, new()
{
    private static readonly Dictionary<string, Setting> ByProperty =
        SettingsReader.Own(typeof(T), new T(), "").ToDictionary(own => own.Property.Name, own => own.Setting);

    /// <summary>All of them, in the order of their declaration.</summary>
    public static IReadOnlyList<Setting> All { get; } = SettingsReader.Read(typeof(T), new T(), "");

    /// <summary>Returns a value that is set where it is in its setting's range, as in <c>init => field = SettingsSchema&lt;T&gt;.Check(value)</c>.</summary>
    /// <param name="value">The value; <see langword="null"/> says that it is not set.</param>
    /// <param name="property">The property that declares the setting.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public static TValue Check<TValue>(TValue value, [CallerMemberName] string property = "")
    {
        if (value is null || ByProperty[property].Range is not { } range || range.Holds(Convert.ToDouble(value, CultureInfo.InvariantCulture))) return value;
        throw new ArgumentOutOfRangeException(property, string.Create(CultureInfo.InvariantCulture, $"{property} must be {range}, got {value}."));
    }

    /// <summary>What outputs depend on, by name: "learning rate" and "2E-05". A setting that is not set has an empty value.</summary>
    public static Dictionary<string, string> Identity(T settings)
    {
        JsonObject json = ToJson(settings), defaults = ToJson(new T());
        bool IsSilent(Setting setting) => setting.CameLater && JsonNode.DeepEquals(At(json, setting), At(defaults, setting));
        return All.Where(setting => setting.Decides && !IsSilent(setting)).ToDictionary(
            setting => setting.Name.Replace('.', ' ').Replace('-', ' '),
            setting => JsonSerializer.SerializeToElement(At(json, setting)).ToString());
    }

    /// <summary>The value of a setting as it is typed: "24", "soft", "none".</summary>
    public static string ValueOf(T settings, Setting setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return At(ToJson(settings), setting) is { } value ? setting.TextOf(value) : Setting.None;
    }

    /// <summary>Puts values over those of a record.</summary>
    /// <param name="settings">The record, which stays as it is.</param>
    /// <param name="values">Settings in the layout of <see cref="ToJson"/>; those that it does not name stay.</param>
    /// <exception cref="GenQException">A name is no setting, or a value is none of its setting.</exception>
    public static T With(T settings, JsonObject values)
    {
        JsonObject merged = ToJson(settings);
        Merge(merged, values, "");
        return FromJson(merged);
    }

    /// <summary>Finds a setting by its name.</summary>
    /// <exception cref="GenQException">There is none; the message names the nearest.</exception>
    public static Setting Named(string name)
        => All.FirstOrDefault(setting => setting.Name == name) ?? throw new GenQException($"There is no setting '{name}'.{Nearest(name)}");

    /// <summary>A value at its place in an object of values, to be given to <see cref="With"/>.</summary>
    public static void Put(JsonObject values, Setting setting, JsonNode? value)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(setting);
        string[] path = Path(setting);
        JsonObject place = values;
        foreach (string group in path[..^1])
        {
            if (place[group] is not JsonObject inner) place[group] = inner = [];
            place = inner;
        }

        place[path[^1]] = value;
    }

    /// <summary>The record as files hold it: names in snake case, groups as objects.</summary>
    public static JsonObject ToJson(T settings) => JsonSerializer.SerializeToNode(settings, IndentedJson.Options)!.AsObject();

    /// <summary>Reads a record as files hold it. What it does not name has its default.</summary>
    /// <exception cref="GenQException">A value is none of its setting.</exception>
    public static T FromJson(JsonObject json)
    {
        try
        {
            return json.Deserialize<T>(IndentedJson.Options) ?? new T();
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new GenQException($"A setting is damaged: {e.Message}", e);
        }
    }

    private static string[] Path(Setting setting) => [.. setting.Name.Split('.').Select(part => part.Replace('-', '_'))];

    private static JsonNode? At(JsonObject json, Setting setting)
        => Path(setting).Aggregate((JsonNode?)json, (node, part) => (node as JsonObject)?[part]);

    // A property that is no setting, such as a run's corpus, is taken whole.
    private static void Merge(JsonObject into, JsonObject values, string group)
    {
        foreach ((string key, JsonNode? value) in values)
        {
            string name = group + key.Replace('_', '-');
            if (!into.ContainsKey(key)) throw new GenQException($"There is no setting '{name}'.{Nearest(name)}");
            bool isGroup = All.Any(setting => setting.Name.StartsWith(name + ".", StringComparison.Ordinal));
            if (isGroup && value is JsonObject inner && into[key] is JsonObject own) Merge(own, inner, name + ".");
            else into[key] = All.FirstOrDefault(setting => setting.Name == name) is { } known ? Read(known, value) : value?.DeepClone();
        }
    }

    private static JsonNode? Read(Setting setting, JsonNode? value)
    {
        if (value is JsonObject or JsonArray) throw new GenQException($"{setting.Name} must be {setting.Values}, got {value.ToJsonString()}.");
        try
        {
            return setting.Parse(value is null ? Setting.None : setting.TextOf(value));
        }
        catch (FormatException e)
        {
            throw new GenQException($"{setting.Name} {e.Message}", e);
        }
    }

    private static string Nearest(string name)
    {
        string last = name[(name.LastIndexOf('.') + 1)..];
        string[] alike = [.. All.Select(setting => setting.Name).Where(other => other.Contains(last, StringComparison.Ordinal)).Take(3)];
        return alike.Length == 0 ? "" : $" Do you mean {string.Join(" or ", alike)}?";
    }
}
