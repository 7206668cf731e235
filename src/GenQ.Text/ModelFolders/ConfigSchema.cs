using System.Reflection;
using System.Text.Json;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>
/// Reads the configurations that come with a model. A record declares the values that it takes (<see cref="ConfigValueAttribute"/>): each is checked
/// for type and range when it is read, and the sizes against the weights before a network of such sizes is made.
/// </summary>
internal static class ConfigSchema
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    // The ranges of all values of all families.
    private static readonly Dictionary<ConfigKind, SettingRange> Ranges = new()
    {
        [ConfigKind.Size] = Between(1, InputLimits.VocabularyIds),
        [ConfigKind.Count] = Between(1, 1024),
        [ConfigKind.Id] = Between(0, InputLimits.VocabularyIds),
        [ConfigKind.Chance] = Between(0, 1),
        [ConfigKind.Epsilon] = new SettingRange(double.NegativeInfinity, 0.1, 0, double.PositiveInfinity),
    };

    /// <summary>What a value of a kind may be.</summary>
    public static SettingRange RangeOf(ConfigKind kind) => Ranges[kind];

    /// <summary>Reads a configuration; what it does not say keeps the record's default.</summary>
    /// <typeparam name="T">A record of declared properties.</typeparam>
    /// <param name="file">The file.</param>
    /// <exception cref="GenQException">It is missing or broken, or a value is of another type or out of its range.</exception>
    public static T Read<T>(string file)
    {
        using JsonDocument json = StrictJson.Parse(file);
        return Read<T>(StrictJson.RequireObject(json, file), file);
    }

    /// <summary>As <see cref="Read{T}(string)"/>, of what the file holds.</summary>
    public static T Read<T>(JsonElement json, string file)
    {
        foreach (PropertyInfo property in typeof(T).GetProperties())
        {
            if (property.GetCustomAttribute<ConfigValueAttribute>() is not { } declared) continue;
            string key = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            if (json.TryGetProperty(key, out JsonElement value)) Require(property, declared, key, value, file);
        }

        try
        {
            return json.Deserialize<T>(Json)!;
        }
        catch (JsonException e)
        {
            throw new GenQException($"'{file}' cannot be read: {e.Message} Get the file anew.", e) { Where = file };
        }
    }

    /// <summary>
    /// Holds sizes against the weights beside the file: a wrong one would ask for any amount of memory before a tensor is found not to fit.
    /// </summary>
    /// <param name="folder">The folder of config.json and the weights.</param>
    /// <param name="tensors">What the sizes say of the weights.</param>
    /// <exception cref="GenQException">A size is another than in the weights, or there is no such tensor.</exception>
    public static void RequireWeights(string folder, IEnumerable<SizedTensor> tensors)
    {
        string file = Path.Combine(folder, "config.json");
        ILookup<string, IReadOnlyList<long>> stored = WeightFiles.Find(folder).SelectMany(weights => WeightFiles.Enumerate(weights).Select(tensor => tensor.Info))
            .SelectMany(Endings).ToLookup(tensor => tensor.Ending, tensor => tensor.Shape);
        foreach (SizedTensor tensor in tensors)
        {
            IReadOnlyList<long>[] shapes = [.. tensor.Names.SelectMany(name => stored[name])];
            if (shapes.Length == 0)
            {
                (string key, long value) = tensor.Count ?? tensor.Rows;
                throw Unfit(file, key, value, $"a value that fits the weights, which have no '{tensor.Names[0]}'");
            }

            if (shapes.Any(shape => shape.SequenceEqual([tensor.Rows.Value, tensor.Columns.Value]))) continue;
            IReadOnlyList<long> found = shapes[0];
            (string Key, long Value) wrong = found.Count == 2 && found[0] == tensor.Rows.Value ? tensor.Columns : tensor.Rows;
            throw Unfit(file, wrong.Key, wrong.Value, $"a value that fits '{tensor.Names[0]}' in the weights, which is [{string.Join(", ", found)}]");
        }

        // A network within another is stored under longer names.
        static IEnumerable<(string Ending, IReadOnlyList<long> Shape)> Endings(TensorInfo info)
        {
            for (int start = 0; start >= 0; start = info.Name.IndexOf('.', start) is >= 0 and int dot ? dot + 1 : -1) yield return (info.Name[start..], info.Shape);
        }
    }

    /// <summary>An error that names the key, what was expected and what was found.</summary>
    /// <param name="file">The file.</param>
    /// <param name="key">The key.</param>
    /// <param name="got">What stands there.</param>
    /// <param name="expected">What was expected.</param>
    public static GenQException Unfit(string file, string key, object got, string expected)
        => new(FormattableString.Invariant($"'{file}' has {key} {got}, expected {expected}. Is it from another model? Get the file anew."))
        {
            Where = file,
            Expected = expected,
            Got = FormattableString.Invariant($"{got}"),
        };

    private static void Require(PropertyInfo property, ConfigValueAttribute declared, string key, JsonElement value, string file)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (value.ValueKind == JsonValueKind.Null && new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable) return;
        string? expected = type switch
        {
            _ when type == typeof(int) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int whole) ? OutOf(whole, "a whole number") : Named("a whole number"),
            _ when type == typeof(double) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) ? OutOf(number, "a number") : Named("a number"),
            _ when type == typeof(bool) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "true or false",
            _ when type == typeof(string) => value.ValueKind == JsonValueKind.String ? null : "a text",
            _ => value.ValueKind == JsonValueKind.Object ? null : "an object",
        };
        if (expected is not null) throw Unfit(file, key, value.GetRawText(), expected);

        string? OutOf(double number, string type) => !Ranges.TryGetValue(declared.Kind, out SettingRange? range) || range.Holds(number) ? null : Named(type);
        string Named(string type) => Ranges.TryGetValue(declared.Kind, out SettingRange? range) ? $"{type} {range}" : type;
    }

    private static SettingRange Between(double least, double most) => new(least, most, double.NegativeInfinity, double.PositiveInfinity);
}
