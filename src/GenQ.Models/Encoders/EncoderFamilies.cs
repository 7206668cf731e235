using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Text;

namespace GenQ.Models;

/// <summary>The families of encoders that are built: the one place that lists them.</summary>
internal static class EncoderFamilies
{
    // By config.json's model_type, with the bare network's name in transformers.
    private static readonly Dictionary<string, (string Architecture, Func<JsonElement, string, IEncoderConfig> Read)> Families = new()
    {
        ["mpnet"] = ("MPNetModel", ConfigSchema.Read<MpnetConfig>),
        ["bert"] = ("BertModel", ConfigSchema.Read<BertConfig>),
        ["distilbert"] = ("DistilBertModel", ConfigSchema.Read<DistilBertConfig>),
        ["roberta"] = ("RobertaModel", ConfigSchema.Read<RobertaConfig>),
        ["xlm-roberta"] = ("XLMRobertaModel", ConfigSchema.Read<RobertaConfig>),
        ["camembert"] = ("CamembertModel", ConfigSchema.Read<RobertaConfig>),
    };

    /// <summary>The names of the families, as config.json's <c>model_type</c> gives them.</summary>
    public static IReadOnlyCollection<string> Names => Families.Keys;

    /// <summary>Reads a config.json.</summary>
    /// <exception cref="GenQException">The file is missing or broken, of a family that is not built, or says what no network can be.</exception>
    public static IEncoderConfig Read(string file)
    {
        if (!File.Exists(file))
            throw new GenQException($"'{file}' is missing: is '{Path.GetDirectoryName(file)}' the folder of an encoder checkpoint?");
        using JsonDocument json = StrictJson.Parse(file);
        JsonElement root = StrictJson.RequireObject(json, file);
        string? type = root.TryGetProperty("model_type", out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (type is null || !Families.TryGetValue(type, out var family))
        {
            throw new GenQException(
                $"'{file}' is of model_type '{type}'; encoders that are built: {string.Join(", ", Names)} (MiniLM is a bert).");
        }

        IEncoderConfig config = family.Read(root, file);
        config.Shape.Validate($"'{file}'");
        return config;
    }

    /// <summary>What transformers calls the bare network of a family, for example <c>"BertModel"</c>.</summary>
    /// <param name="config">The config.json of a family that is built.</param>
    public static string ArchitectureOf(JsonObject config) => Families[config["model_type"]!.GetValue<string>()].Architecture;
}
