using GenQ.Data;
using GenQ.Text;

namespace GenQ.Onnx;

/// <summary>
/// MPNet as an ONNX graph: BERT's layers, positions that start behind the padding's id, and one learned bias for how far apart two tokens
/// are. Names and numbers as in Hugging Face <c>modeling_mpnet.py</c>.
/// </summary>
internal sealed class MpnetGraph : EncoderGraph
{
    // Constants of the reference's code, not of config.json. From the greatest distance on all share the last bucket.
    private const int PaddingId = 1, Buckets = 32, MaxDistance = 128;

    private readonly Config _config;

    /// <summary>Begins the graph.</summary>
    /// <exception cref="GenQException">config.json asks for what is not built.</exception>
    public MpnetGraph(OnnxGraph graph, Config config, OnnxWeights kind)
        : base(graph, config.Sizes, kind)
    {
        if ((config.PadTokenId, config.RelativeAttentionNumBuckets) != (PaddingId, Buckets))
        {
            throw new GenQException(
                $"The MPNet's config.json has pad_token_id {config.PadTokenId} and relative_attention_num_buckets {config.RelativeAttentionNumBuckets}: "
                + $"expected {PaddingId} and {Buckets}, with which every MPNet is computed whatever its file says.");
        }

        _config = config;
    }

    /// <inheritdoc/>
    public override int MaxLength => _config.MaxPositionEmbeddings - PaddingId - 1;

    /// <inheritdoc/>
    public override int VocabularySize => _config.VocabSize;

    /// <inheritdoc/>
    protected override string LayersPath => "encoder.layer";

    // A token's vector plus its position's, normalised.
    /// <inheritdoc/>
    protected override OnnxValue Embed()
    {
        OnnxValue words = Rows("embeddings.word_embeddings", _config.VocabSize, Ids);
        OnnxValue positions = Table("embeddings.position_embeddings", _config.MaxPositionEmbeddings).Gather(PositionsBehind(PaddingId));
        return Norm("embeddings.LayerNorm", words + positions);
    }

    // Norms come after each sum, as in the first transformer.
    /// <inheritdoc/>
    protected override OnnxValue Layer(string at, OnnxValue x, OnnxValue bias)
    {
        OnnxValue mixed = Attend(x, at + "attention.attn.q", at + "attention.attn.k", at + "attention.attn.v", bias);
        x = Norm(at + "attention.LayerNorm", x + Linear(at + "attention.attn.o", mixed));
        OnnxValue wide = Widen(at + "intermediate.dense", x).Gelu();
        return Norm(at + "output.LayerNorm", x + Narrow(at + "output.dense", wide));
    }

    // It depends on the distance of query and key alone: looked up in a row of all distances, which is made of the buckets beforehand.
    /// <inheritdoc/>
    protected override OnnxValue ScoreBias()
    {
        int heads = _config.NumAttentionHeads, farthest = MaxLength - 1, distances = 2 * farthest + 1;
        OnnxValue byDistance = Made("distance_bias", [heads, distances], "encoder.relative_attention_bias.weight", [Buckets, heads], buckets =>
        {
            float[] bias = new float[heads * distances];
            for (int head = 0; head < heads; head++)
            {
                for (int i = 0; i < distances; i++) bias[head * distances + i] = buckets[Bucket(i - farthest) * heads + head];
            }

            return bias;
        });

        // (length, length): key place minus query place, counted from the first of the row.
        OnnxValue places = Places();
        return byDistance.Gather(places.Unsqueeze(0) - places.Unsqueeze(1) + farthest, axis: 1);
    }

    /// <summary>
    /// The bucket of a distance (key place minus query place): half of them for keys behind the query; of each half the first half is exact,
    /// the rest grows logarithmically. As T5's encoder (Raffel et al. 2020, section 2.1).
    /// </summary>
    internal static int Bucket(int distance)
    {
        const int half = Buckets / 2, exact = half / 2;
        int start = distance > 0 ? half : 0, far = Math.Abs(distance);
        if (far < exact) return start + far;

        // Single precision, as the reference computes it: a distance at the border of two buckets must fall alike.
        float grown = MathF.Log(far / (float)exact) / (float)Math.Log(MaxDistance / (double)exact) * (half - exact);
        return start + Math.Min(half - 1, exact + (int)grown);
    }

    /// <summary>What the graph needs of config.json, with the defaults of <c>configuration_mpnet.py</c>.</summary>
    internal sealed record Config
    {
        [ConfigValue(ConfigKind.Size)]
        public int VocabSize { get; init; } = 30527;

        [ConfigValue(ConfigKind.Size)]
        public int HiddenSize { get; init; } = 768;

        [ConfigValue(ConfigKind.Count)]
        public int NumHiddenLayers { get; init; } = 12;

        [ConfigValue(ConfigKind.Count)]
        public int NumAttentionHeads { get; init; } = 12;

        [ConfigValue(ConfigKind.Size)]
        public int IntermediateSize { get; init; } = 3072;

        [ConfigValue]
        public string HiddenAct { get; init; } = "gelu";

        [ConfigValue(ConfigKind.Size)]
        public int MaxPositionEmbeddings { get; init; } = 512;

        [ConfigValue(ConfigKind.Epsilon)]
        public double LayerNormEps { get; init; } = 1e-12;

        [ConfigValue(ConfigKind.Size)]
        public int RelativeAttentionNumBuckets { get; init; } = 32;

        [ConfigValue(ConfigKind.Id)]
        public int PadTokenId { get; init; } = 1;

        public EncoderSizes Sizes => new(HiddenSize, NumHiddenLayers, NumAttentionHeads, IntermediateSize, LayerNormEps, HiddenAct);
    }
}
