using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Data;

namespace GenQ.Onnx;

/// <summary>The families of encoders that can be exported: the one place that lists them. They are those that GenQ.Models builds.</summary>
internal static class EncoderGraphs
{
    // By config.json's model_type.
    private static readonly Dictionary<string, Func<OnnxGraph, JsonObject, OnnxWeights, EncoderGraph>> Families = new()
    {
        ["mpnet"] = (graph, json, kind) => new MpnetGraph(graph, Read<MpnetGraph.Config>(json), kind),
        ["bert"] = (graph, json, kind) => new BertGraph(graph, Read<BertGraph.Config>(json), kind),
        ["distilbert"] = (graph, json, kind) => new DistilBertGraph(graph, Read<DistilBertGraph.Config>(json), kind),
        ["roberta"] = (graph, json, kind) => new RobertaGraph(graph, Read<RobertaGraph.Config>(json), kind),
        ["xlm-roberta"] = (graph, json, kind) => new RobertaGraph(graph, Read<RobertaGraph.Config>(json), kind),
        ["camembert"] = (graph, json, kind) => new RobertaGraph(graph, Read<RobertaGraph.Config>(json), kind),
    };

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

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
        try
        {
            string? family = config["model_type"]?.GetValue<string>();
            return family is not null && Families.TryGetValue(family, out var begin)
                ? (family, begin(graph, config, kind))
                : throw new GenQException($"'{file}' is of model_type '{family}'; encoders that can be exported: {string.Join(", ", Names)} (MiniLM is a bert).");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new GenQException($"'{file}' is not the configuration of an encoder: {e.Message} Get the file anew.", e);
        }
    }

    private static T Read<T>(JsonObject json) => json.Deserialize<T>(Json)!;
}
