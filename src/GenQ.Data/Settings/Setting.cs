using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GenQ.Data;

/// <summary>One setting of a record, as its <see cref="SettingAttribute"/> declares it.</summary>
/// <param name="Name">Its name, with those of its groups: "training.batch-size".</param>
/// <param name="Type">The type of its values, without the null that stands for "not set".</param>
/// <param name="Help">What it does.</param>
/// <param name="Default">What holds where nothing is said, and perhaps why.</param>
/// <param name="Range">The numbers that it takes; <see langword="null"/> where its values are no numbers.</param>
/// <param name="IsOptional">Whether it may be not set.</param>
/// <param name="Decides">Whether what comes out depends on it.</param>
/// <param name="Alias">A shorter name that a flag may have too.</param>
/// <param name="CameLater">Whether it is no part of an identity at its default.</param>
internal sealed record Setting(
    string Name, Type Type, string Help, string Default, SettingRange? Range, bool IsOptional, bool Decides, string? Alias = null, bool CameLater = false)
{
    /// <summary>What stands for "not set" where a value is read.</summary>
    public const string None = "none";

    /// <summary>The words that it takes, where these are few; else none.</summary>
    public IReadOnlyList<string> Words => Type.IsEnum ? [.. Enum.GetNames(Type).Select(name => JsonNamingPolicy.KebabCaseLower.ConvertName(name))]
        : Type == typeof(bool) ? ["true", "false"]
        : [];

    /// <summary>The values that it takes, in words that follow "must be".</summary>
    public string Values
    {
        get
        {
            if (Words is { Count: > 0 } words) return $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";
            if (Range is null) return "a text";
            bool isWhole = Type != typeof(double) && Range == new SettingRange(
                double.NegativeInfinity, double.PositiveInfinity, double.NegativeInfinity, double.PositiveInfinity);
            return isWhole ? "a whole number" : $"{Range}";
        }
    }

    /// <summary>The last part of its name: "batch-size".</summary>
    public string ShortName => Name[(Name.LastIndexOf('.') + 1)..];

    /// <summary>A value as it is typed, of one that JSON holds.</summary>
    public string TextOf(JsonNode value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.GetValueKind() != JsonValueKind.String) return value.ToJsonString();
        string text = value.GetValue<string>();
        return Type.IsEnum ? text.Replace('_', '-') : text;
    }

    /// <summary>Reads a value as it is typed, numbers with a decimal point in every country.</summary>
    /// <returns>The value as JSON holds it; <see langword="null"/> for "none".</returns>
    /// <exception cref="FormatException">It is no value of this setting; the message says which are, to follow the setting's name.</exception>
    public JsonNode? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsOptional && text.Equals(None, StringComparison.OrdinalIgnoreCase)) return null;
        if (Type.IsEnum && Words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } word)
            return JsonValue.Create(word.Replace('-', '_'));
        if (Type == typeof(bool) && bool.TryParse(text, out bool flag)) return JsonValue.Create(flag);
        if (Type == typeof(string) && !string.IsNullOrWhiteSpace(text)) return JsonValue.Create(text);
        if (Type == typeof(double) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && Range!.Holds(number))
            return JsonValue.Create(number);
        if (Type == typeof(int) && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int whole) && Range!.Holds(whole))
            return JsonValue.Create(whole);
        if (Type == typeof(long) && long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long large) && Range!.Holds(large))
            return JsonValue.Create(large);
        throw new FormatException(string.IsNullOrWhiteSpace(text) ? "must not be empty." : $"must be {Values}, got {text}.");
    }
}
