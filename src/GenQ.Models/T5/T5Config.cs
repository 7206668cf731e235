using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GenQ.Data;
using GenQ.Text;

namespace GenQ.Models;

/// <summary>The sizes of a T5, as its <c>config.json</c> names them.</summary>
/// <remarks>
/// One record serves T5 v1.0 (relu, tied and scaled head) and v1.1, flan and mT5 (gated GELU, untied head).
/// Source: Hugging Face <c>configuration_t5.py</c>.
/// </remarks>
internal sealed record T5Config
{
    private static readonly string[] Supported = ["t5", "mt5"];

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>The architecture's name on the hub.</summary>
    [ConfigValue]
    public string ModelType { get; init; } = "t5";

    /// <summary>Width of the residual stream.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int DModel { get; init; } = 512;

    /// <summary>Width of one attention head.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int DKv { get; init; } = 64;

    /// <summary>Width inside the feed-forward layers.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int DFf { get; init; } = 2048;

    /// <summary>Encoder blocks.</summary>
    [ConfigValue(ConfigKind.Count)]
    public int NumLayers { get; init; } = 6;

    /// <summary>Decoder blocks; as many as encoder blocks where the file does not say.</summary>
    [ConfigValue(ConfigKind.Count)]
    public int? NumDecoderLayers { get; init; }

    /// <summary>Attention heads.</summary>
    [ConfigValue(ConfigKind.Count)]
    public int NumHeads { get; init; } = 8;

    /// <summary>Buckets of relative distance.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int RelativeAttentionNumBuckets { get; init; } = 32;

    /// <summary>The distance from which all share the last bucket.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int RelativeAttentionMaxDistance { get; init; } = 128;

    /// <summary>Chance that an activation is dropped in training.</summary>
    [ConfigValue(ConfigKind.Chance)]
    public double DropoutRate { get; init; } = 0.1;

    /// <summary>Added to the mean square in the norms.</summary>
    [ConfigValue(ConfigKind.Epsilon)]
    public double LayerNormEpsilon { get; init; } = 1e-6;

    /// <summary>"relu" (v1.0) or "gated-gelu" (v1.1, flan, mT5).</summary>
    [ConfigValue]
    public string FeedForwardProj { get; init; } = "relu";

    /// <summary>Whether the head is the embedding matrix.</summary>
    [ConfigValue]
    public bool TieWordEmbeddings { get; init; } = true;

    /// <summary>Whether the decoder's output is scaled by d_model^-0.5; older files do not say and mean "where the head is tied".</summary>
    [ConfigValue]
    public bool? ScaleDecoderOutputs { get; init; }

    /// <summary>Rows of the embedding matrix; often a little more than the tokenizer's ids.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int VocabSize { get; init; } = 32128;

    /// <summary>The id that fills short rows.</summary>
    [ConfigValue(ConfigKind.Id)]
    public int PadTokenId { get; init; }

    /// <summary>The id that ends a text.</summary>
    [ConfigValue(ConfigKind.Id)]
    public int EosTokenId { get; init; } = 1;

    /// <summary>The id that the decoder starts from.</summary>
    [ConfigValue(ConfigKind.Id)]
    public int DecoderStartTokenId { get; init; }

    /// <summary>What the network was taught to do, by name, each with the words that its input begins with; <see langword="null"/> where the file does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [ConfigValue]
    public IReadOnlyDictionary<string, T5Task>? TaskSpecificParams { get; init; }

    /// <summary>The resolved <see cref="NumDecoderLayers"/>.</summary>
    [JsonIgnore]
    public int DecoderLayers => NumDecoderLayers ?? NumLayers;

    /// <summary>The resolved <see cref="ScaleDecoderOutputs"/>.</summary>
    [JsonIgnore]
    public bool ScalesOutput => ScaleDecoderOutputs ?? TieWordEmbeddings;

    /// <summary>What the decoder's output is multiplied with: v1.0 scales it because its head is the embedding matrix, whose deviation is about 1.</summary>
    [JsonIgnore]
    public double OutputScale => ScalesOutput ? Math.Pow(DModel, -0.5) : 1;

    /// <summary>What the sizes say of the weights.</summary>
    [JsonIgnore]
    public IReadOnlyList<SizedTensor> Tensors =>
    [
        new(
            ["shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight"],
            ("vocab_size", VocabSize),
            ("d_model", DModel)),
        new(
            ["encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"],
            ("relative_attention_num_buckets", RelativeAttentionNumBuckets),
            ("num_heads", NumHeads)),
        new(["encoder.block.0.layer.0.SelfAttention.o.weight"], ("d_model", DModel), ("num_heads times d_kv", (long)NumHeads * DKv)),
        new([$"encoder.block.{NumLayers - 1}.layer.1.DenseReluDense.wo.weight"], ("d_model", DModel), ("d_ff", DFf), ("num_layers", NumLayers)),
        new(
            [$"decoder.block.{DecoderLayers - 1}.layer.2.DenseReluDense.wo.weight"],
            ("d_model", DModel),
            ("d_ff", DFf),
            ("num_decoder_layers", DecoderLayers)),
    ];

    /// <summary>Reads <c>config.json</c>.</summary>
    /// <exception cref="GenQException">It is missing, not JSON, of another architecture, or says what no T5 can be.</exception>
    public static T5Config Load(string folder)
    {
        string file = Path.Combine(folder, "config.json");
        if (!File.Exists(file)) throw new GenQException($"'{folder}' has no config.json: is it the folder of a T5 checkpoint?");
        T5Config config = ConfigSchema.Read<T5Config>(file);
        if (!Supported.Contains(config.ModelType))
        {
            throw new GenQException(
                $"'{file}' is of model type '{config.ModelType}'; a query generator must be one of: {string.Join(", ", Supported)}.");
        }

        if (config.FeedForwardProj is not ("relu" or "gated-gelu"))
        {
            throw new GenQException(
                $"'{file}' has feed_forward_proj '{config.FeedForwardProj}'; supported are 'relu' and 'gated-gelu'.");
        }

        // The encoder halves the buckets twice: for both directions, and for distances that are counted one by one.
        int buckets = config.RelativeAttentionNumBuckets, distance = config.RelativeAttentionMaxDistance;
        if (buckets < 4 || buckets % 4 != 0) throw ConfigSchema.Unfit(file, "relative_attention_num_buckets", buckets, "a multiple of 4");
        if (distance <= buckets / 2) throw ConfigSchema.Unfit(file, "relative_attention_max_distance", distance, $"more than half of the {buckets} buckets");
        foreach ((string key, int id) in ((string, int)[])
            [("pad_token_id", config.PadTokenId), ("eos_token_id", config.EosTokenId), ("decoder_start_token_id", config.DecoderStartTokenId)])
        {
            if (id >= config.VocabSize) throw ConfigSchema.Unfit(file, key, id, $"an id below vocab_size, which is {config.VocabSize}");
        }

        return config;
    }

    /// <summary>Checks that every id of a tokenizer has a row in the embedding matrix.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="folder">Where both come from, for the message.</param>
    /// <exception cref="GenQException">The tokenizer has more pieces.</exception>
    public void RequireRoomFor(ITokenizer tokenizer, string folder)
    {
        if (tokenizer.VocabularySize <= VocabSize) return;
        throw new GenQException(
            $"'{folder}' has a vocab_size of {VocabSize}, but its tokenizer has {tokenizer.VocabularySize} pieces: "
            + "raise vocab_size for a T5 from scratch, or bring the tokenizer that came with the checkpoint.");
    }

    /// <summary>Writes <c>config.json</c> in the form that Hugging Face reads.</summary>
    public void Save(string folder)
    {
        JsonNode json = JsonSerializer.SerializeToNode(this with { NumDecoderLayers = DecoderLayers, ScaleDecoderOutputs = ScalesOutput }, Json)!;
        json["architectures"] = new JsonArray("T5ForConditionalGeneration");
        json["is_encoder_decoder"] = true;
        AtomicFile.WriteText(Path.Combine(folder, "config.json"), writer => writer.WriteLine(json.ToJsonString(Json)));
    }
}
