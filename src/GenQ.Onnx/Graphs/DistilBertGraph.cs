using GenQ.Text;
namespace GenQ.Onnx;

/// <summary>
/// DistilBERT as an ONNX graph: half of BERT's layers, and no token types. Names and numbers as in Hugging Face <c>modeling_distilbert.py</c>.
/// </summary>
/// <param name="graph">Receives the nodes.</param>
/// <param name="config">The sizes.</param>
/// <param name="kind">How the weights are held.</param>
internal sealed class DistilBertGraph(OnnxGraph graph, DistilBertGraph.Config config, OnnxWeights kind) : EncoderGraph(graph, config.Sizes, kind)
{
    // A constant of the reference's code, not of config.json.
    private const double LayerNormEps = 1e-12;

    /// <inheritdoc/>
    public override int MaxLength => config.MaxPositionEmbeddings;

    /// <inheritdoc/>
    public override int VocabularySize => config.VocabSize;

    /// <inheritdoc/>
    protected override string LayersPath => "transformer.layer";

    // A token's vector plus its position's, normalised.
    /// <inheritdoc/>
    protected override OnnxValue Embed()
    {
        OnnxValue words = Rows("embeddings.word_embeddings", config.VocabSize, Ids);
        OnnxValue positions = Table("embeddings.position_embeddings", config.MaxPositionEmbeddings).First(Length);
        return Norm("embeddings.LayerNorm", words + positions);
    }

    // Norms come after each sum, as in the first transformer.
    /// <inheritdoc/>
    protected override OnnxValue Layer(string at, OnnxValue x, OnnxValue bias)
    {
        OnnxValue mixed = Attend(x, at + "attention.q_lin", at + "attention.k_lin", at + "attention.v_lin", bias);
        x = Norm(at + "sa_layer_norm", x + Linear(at + "attention.out_lin", mixed));
        OnnxValue wide = Widen(at + "ffn.lin1", x).Gelu();
        return Norm(at + "output_layer_norm", x + Narrow(at + "ffn.lin2", wide));
    }

    /// <summary>What the graph needs of config.json, with the defaults of <c>configuration_distilbert.py</c>.</summary>
    internal sealed record Config
    {
        [ConfigValue(ConfigKind.Size)]
        public int VocabSize { get; init; } = 30522;

        [ConfigValue(ConfigKind.Size)]
        public int Dim { get; init; } = 768;

        [ConfigValue(ConfigKind.Count)]
        public int NLayers { get; init; } = 6;

        [ConfigValue(ConfigKind.Count)]
        public int NHeads { get; init; } = 12;

        [ConfigValue(ConfigKind.Size)]
        public int HiddenDim { get; init; } = 3072;

        [ConfigValue]
        public string Activation { get; init; } = "gelu";

        [ConfigValue(ConfigKind.Size)]
        public int MaxPositionEmbeddings { get; init; } = 512;

        public EncoderSizes Sizes => new(Dim, NLayers, NHeads, HiddenDim, LayerNormEps, Activation);
    }
}
