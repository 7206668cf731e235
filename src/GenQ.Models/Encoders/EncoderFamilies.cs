using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Data;

namespace GenQ.Models;

/// <summary>The families of encoders that are built: the one place that lists them.</summary>
internal static class EncoderFamilies
{
    // By config.json's model_type, with the bare network's name in transformers.
    private static readonly Dictionary<string, (string Architecture, Func<string, EncoderNetwork> Build)> Families = new()
    {
        ["mpnet"] = ("MPNetModel", json => new MpnetEncoder(Read<MpnetConfig>(json))),
        ["bert"] = ("BertModel", json => new BertEncoder(Read<BertConfig>(json))),
        ["distilbert"] = ("DistilBertModel", json => new DistilBertEncoder(Read<DistilBertConfig>(json))),
        ["roberta"] = ("RobertaModel", json => new RobertaEncoder(Read<RobertaConfig>(json))),
        ["xlm-roberta"] = ("XLMRobertaModel", json => new RobertaEncoder(Read<RobertaConfig>(json))),
        ["camembert"] = ("CamembertModel", json => new RobertaEncoder(Read<RobertaConfig>(json))),
    };

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The names of the families, as config.json's <c>model_type</c> gives them.</summary>
    public static IReadOnlyCollection<string> Names => Families.Keys;

    /// <summary>Builds the network that a config.json describes, with random weights from torch's generator.</summary>
    /// <exception cref="GenQException">The file is missing, broken, or of a family that is not built.</exception>
    public static EncoderNetwork Build(string file)
    {
        if (!File.Exists(file))
            throw new GenQException($"'{file}' is missing: is '{Path.GetDirectoryName(file)}' the folder of an encoder checkpoint?");
        try
        {
            string text = File.ReadAllText(file);
            using JsonDocument json = JsonDocument.Parse(text);
            string? type = json.RootElement.TryGetProperty("model_type", out JsonElement value) ? value.GetString() : null;
            return type is not null && Families.TryGetValue(type, out var family)
                ? family.Build(text)
                : throw new GenQException(
                    $"'{file}' is of model_type '{type}'; encoders that are built: {string.Join(", ", Names)} (MiniLM is a bert).");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new GenQException($"'{file}' is not the configuration of an encoder: {e.Message} Get the file anew.", e);
        }
    }

    /// <summary>What transformers calls the bare network of a family, for example <c>"BertModel"</c>.</summary>
    /// <param name="config">The config.json of a family that is built.</param>
    public static string ArchitectureOf(JsonObject config) => Families[config["model_type"]!.GetValue<string>()].Architecture;

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Json)!;
}
