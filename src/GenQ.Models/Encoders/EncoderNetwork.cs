using System.Text.Json;
using GenQ.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>A transformer that turns each token of a text into a vector that knows its neighbours: MPNet or BERT.</summary>
/// <remarks>
/// The residual stream, embeddings, norms and the relative bias are fp32; matrix multiplications run in the precision of the
/// linear layers' weights, so that one code path serves fp32 and bf16.
/// </remarks>
internal abstract class EncoderNetwork : nn.Module
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Names the network.</summary>
    protected EncoderNetwork(string name)
        : base(name)
    {
    }

    /// <summary>The width of a token's vector.</summary>
    public abstract int HiddenSize { get; }

    /// <summary>The number of layers.</summary>
    public abstract int LayerCount { get; }

    /// <summary>The most tokens of a sequence, special ones counted: what the table of positions holds.</summary>
    public abstract int MaxLength { get; }

    /// <summary>The name in front of the weights where a checkpoint has a head too, for example <c>"mpnet."</c>.</summary>
    public abstract string Prefix { get; }

    /// <summary>The number of ids it has a vector for.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The device that the weights are on.</summary>
    public Device Device => parameters().First().device;

    /// <summary>Whether <see cref="RunsFused"/> is wanted and the weights are on a CPU.</summary>
    protected bool RunsLayersFused => RunsFused && Device.type == DeviceType.CPU;

    /// <summary>
    /// Whether the layers run by way of <see cref="FusedLayers"/>, which is so on a CPU, or operation by operation as they are written. The
    /// results are the same; tests compare them.
    /// </summary>
    public bool RunsFused { get; set; } = true;

    /// <summary>Reads sequences.</summary>
    /// <param name="batch">From <see cref="Pack"/>.</param>
    /// <returns>The last layer's states, (rows, hidden), fp32.</returns>
    public abstract Tensor Forward(PackedBatch batch);

    /// <summary>Looks up the tokens' embeddings: what the first layer reads.</summary>
    /// <returns>(rows, hidden), fp32.</returns>
    public abstract Tensor Embed(PackedBatch batch);

    /// <summary>
    /// The layers as functions over a batch, (rows, hidden) to (rows, hidden), fp32, so that one of them can be run, and taught, alone. One
    /// after the other, from what <see cref="Embed"/> gives, they are <see cref="Forward"/>.
    /// </summary>
    public abstract IReadOnlyList<Func<Tensor, Tensor>> LayersOver(PackedBatch batch);

    /// <summary>Rounds the linear layers' weights to 8 bits, for passes without gradients by way of <see cref="FusedLayers"/>.</summary>
    public abstract void UseInt8();

    /// <summary>Reads sequences, and keeps what every layer says.</summary>
    /// <returns>The embeddings and each layer's states, each (rows, hidden), fp32.</returns>
    public Tensor[] States(PackedBatch batch)
    {
        List<Tensor> states = [Embed(batch)];
        foreach (Func<Tensor, Tensor> layer in LayersOver(batch)) states.Add(layer(states[^1]));
        return [.. states];
    }

    /// <summary>Packs token sequences for <see cref="Forward"/>; the tensors belong to the current dispose scope.</summary>
    /// <param name="sequences">At least one, each of 1 to <see cref="MaxLength"/> ids.</param>
    public PackedBatch Pack(IReadOnlyList<int[]> sequences) => PackedBatch.Create(sequences, NumberPositions, Device);

    /// <summary>Builds the network that a folder's config.json describes and loads its weights, fp32, in evaluation mode.</summary>
    /// <exception cref="GenQException">A file is missing, does not fit, or is of an architecture that is not built.</exception>
    public static EncoderNetwork Load(string folder)
    {
        EncoderNetwork network = Build(Path.Combine(folder, "config.json"));
        Checkpoint.Load(network, folder);
        network.eval();
        return network;
    }

    /// <summary>Builds the network that a config.json describes, with random weights from torch's generator.</summary>
    /// <exception cref="GenQException">The file is missing, broken, or of an architecture that is not built.</exception>
    public static EncoderNetwork Build(string file)
    {
        if (!File.Exists(file))
            throw new GenQException($"'{file}' is missing: is '{Path.GetDirectoryName(file)}' the folder of an encoder checkpoint?");
        try
        {
            string text = File.ReadAllText(file);
            using JsonDocument json = JsonDocument.Parse(text);
            string? type = json.RootElement.TryGetProperty("model_type", out JsonElement value) ? value.GetString() : null;
            EncoderNetwork network = type switch
            {
                "mpnet" => new MpnetEncoder(JsonSerializer.Deserialize<MpnetConfig>(text, Json)!),
                "bert" => new BertEncoder(JsonSerializer.Deserialize<BertConfig>(text, Json)!),
                _ => throw new GenQException(
                    $"'{file}' is of model_type '{type}'; encoders that are built: mpnet, bert (MiniLM is a bert)."),
            };
            return network;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new GenQException($"'{file}' is not the configuration of an encoder: {e.Message} Get the file anew.", e);
        }
    }

    /// <summary>Fills the position of each of a sequence's tokens.</summary>
    protected abstract void NumberPositions(ReadOnlySpan<int> ids, Span<long> positions);

    /// <summary>Refuses an activation other than GELU, the only one that published MPNet and BERT encoders use.</summary>
    protected static void RequireGelu(string hiddenAct)
    {
        if (hiddenAct != "gelu") throw new GenQException($"config.json has hidden_act '{hiddenAct}'; encoders are built with 'gelu' only.");
    }

    /// <summary>Refuses heads that do not share out the width: the weights have the same shapes whatever their number is.</summary>
    protected static void RequireWholeHeads(int hiddenSize, int heads)
    {
        if (heads < 1 || hiddenSize % heads != 0)
        {
            throw new GenQException(
                $"config.json has num_attention_heads {heads}, expected a divisor of hidden_size {hiddenSize}. Get the file anew.");
        }
    }
}
