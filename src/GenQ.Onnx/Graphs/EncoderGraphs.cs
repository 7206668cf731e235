using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Text;

namespace GenQ.Onnx;

/// <summary>The families of encoders that can be exported: the one place that lists them. They are those that GenQ.Models builds.</summary>
internal static class EncoderGraphs
{
    // By config.json's model_type.
    private static readonly Dictionary<string, Func<OnnxGraph, (JsonElement Json, string File), OnnxWeights, EncoderGraph>> Families = new()
    {
        ["mpnet"] = (graph, config, kind) => new MpnetGraph(graph, ConfigSchema.Read<MpnetGraph.Config>(config.Json, config.File), kind),
        ["bert"] = (graph, config, kind) => new BertGraph(graph, ConfigSchema.Read<BertGraph.Config>(config.Json, config.File), kind),
        ["distilbert"] = (graph, config, kind) => new DistilBertGraph(graph, ConfigSchema.Read<DistilBertGraph.Config>(config.Json, config.File), kind),
        ["roberta"] = (graph, config, kind) => new RobertaGraph(graph, ConfigSchema.Read<RobertaGraph.Config>(config.Json, config.File), kind),
        ["xlm-roberta"] = (graph, config, kind) => new RobertaGraph(graph, ConfigSchema.Read<RobertaGraph.Config>(config.Json, config.File), kind),
        ["camembert"] = (graph, config, kind) => new RobertaGraph(graph, ConfigSchema.Read<RobertaGraph.Config>(config.Json, config.File), kind),
    };

    /// <summary>The names of the families, as config.json's <c>model_type</c> gives them.</summary>
    public static IReadOnlyCollection<string> Names => Families.Keys;

    /// <summary>Begins the graph of the network that a config.json describes.</summary>
    /// <param name="graph">Receives the nodes.</param>
    /// <param name="config">What config.json holds.</param>
    /// <param name="folder">The folder that it lies in, for messages.</param>
    /// <param name="kind">How the weights are held.</param>
    /// <returns>The family's name and its graph.</returns>
    /// <exception cref="GenQException">The configuration is broken, or of a network that is not built.</exception>
    public static (string Family, EncoderGraph Graph) Begin(OnnxGraph graph, JsonObject config, string folder, OnnxWeights kind)
    {
        string file = Path.Combine(folder, "config.json");
        string? family = config["model_type"] is JsonValue value && value.TryGetValue(out string? name) ? name : null;
        return family is not null && Families.TryGetValue(family, out var begin)
            ? (family, begin(graph, (JsonSerializer.SerializeToElement(config), file), kind))
            : throw new GenQException($"'{file}' is of model_type '{family}'; encoders that can be exported: {string.Join(", ", Names)} (MiniLM is a bert).");
    }
}
