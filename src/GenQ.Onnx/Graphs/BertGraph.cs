using GenQ.Data;
using GenQ.Text;

namespace GenQ.Onnx;

/// <summary>
/// BERT as an ONNX graph, MiniLM included: a token's vector, its position's and its type's, and layers whose tokens each look at all tokens of
/// their text. Names and numbers as in Hugging Face <c>modeling_bert.py</c>.
/// </summary>
internal sealed class BertGraph : EncoderGraph
{
    private readonly Config _config;

    /// <summary>Begins the graph.</summary>
    /// <exception cref="GenQException">config.json asks for what is not built.</exception>
    public BertGraph(OnnxGraph graph, Config config, OnnxWeights kind)
        : base(graph, config.Sizes, kind)
    {
        if (config.PositionEmbeddingType != "absolute")
            throw new GenQException($"config.json has position_embedding_type '{config.PositionEmbeddingType}'; BERT is built with 'absolute' only.");
        _config = config;
    }

    /// <inheritdoc/>
    public override int MaxLength => _config.MaxPositionEmbeddings;

    /// <inheritdoc/>
    public override int VocabularySize => _config.VocabSize;

    /// <inheritdoc/>
    protected override string LayersPath => "encoder.layer";

    // A token's vector plus its position's and its type's, which is 0 throughout, normalised.
    /// <inheritdoc/>
    protected override OnnxValue Embed()
    {
        OnnxValue words = Rows("embeddings.word_embeddings", _config.VocabSize, Ids);
        OnnxValue positions = Table("embeddings.position_embeddings", _config.MaxPositionEmbeddings).First(Length);
        return Norm("embeddings.LayerNorm", words + positions + FirstRow("embeddings.token_type_embeddings", _config.TypeVocabSize));
    }

    // Norms come after each sum, as in the first transformer.
    /// <inheritdoc/>
    protected override OnnxValue Layer(string at, OnnxValue x, OnnxValue bias)
    {
        OnnxValue mixed = Attend(x, at + "attention.self.query", at + "attention.self.key", at + "attention.self.value", bias);
        x = Norm(at + "attention.output.LayerNorm", x + Linear(at + "attention.output.dense", mixed));
        OnnxValue wide = Widen(at + "intermediate.dense", x).Gelu();
        return Norm(at + "output.LayerNorm", x + Narrow(at + "output.dense", wide));
    }

    /// <summary>What the graph needs of config.json, with the defaults of <c>configuration_bert.py</c>.</summary>
    internal sealed record Config
    {
        [ConfigValue(ConfigKind.Size)]
        public int VocabSize { get; init; } = 30522;

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
        public int TypeVocabSize { get; init; } = 2;

        [ConfigValue]
        public string PositionEmbeddingType { get; init; } = "absolute";

        public EncoderSizes Sizes => new(HiddenSize, NumHiddenLayers, NumAttentionHeads, IntermediateSize, LayerNormEps, HiddenAct);
    }
}
