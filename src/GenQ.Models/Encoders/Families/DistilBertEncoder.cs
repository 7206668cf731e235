using GenQ.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenQ.Models;

/// <summary>The sizes of a DistilBERT, as its <c>config.json</c> names them; the defaults are <c>configuration_distilbert.py</c>'s.</summary>
internal sealed record DistilBertConfig : IEncoderConfig
{
    // A constant of the reference's code, not of config.json.
    private const double LayerNormEps = 1e-12;

    /// <summary>Rows of the table of token vectors.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int VocabSize { get; init; } = 30522;

    /// <summary>Width of the residual stream.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int Dim { get; init; } = 768;

    /// <summary>Layers.</summary>
    [ConfigValue(ConfigKind.Count)]
    public int NLayers { get; init; } = 6;

    /// <summary>Attention heads.</summary>
    [ConfigValue(ConfigKind.Count)]
    public int NHeads { get; init; } = 12;

    /// <summary>Width inside the feed-forward layers.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int HiddenDim { get; init; } = 3072;

    /// <summary>The activation inside the feed-forward layers.</summary>
    [ConfigValue]
    public string Activation { get; init; } = "gelu";

    /// <summary>Chance that an activation is dropped in training.</summary>
    [ConfigValue(ConfigKind.Chance)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>Chance that an attention weight is dropped in training.</summary>
    [ConfigValue(ConfigKind.Chance)]
    public double AttentionDropout { get; init; } = 0.1;

    /// <summary>Rows of the table of positions.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int MaxPositionEmbeddings { get; init; } = 512;

    /// <inheritdoc/>
    public EncoderShape Shape => new()
    {
        HiddenSize = Dim,
        Layers = NLayers,
        Heads = NHeads,
        InnerSize = HiddenDim,
        Epsilon = LayerNormEps,
        AttentionDropout = AttentionDropout,
        AttentionOutputDropout = 0,
        OutputDropout = Dropout,
        Activation = Activation,
    };

    /// <inheritdoc/>
    public IReadOnlyList<SizedTensor> Tensors =>
    [
        new(["embeddings.word_embeddings.weight"], ("vocab_size", VocabSize), ("dim", Dim)),
        new(["embeddings.position_embeddings.weight"], ("max_position_embeddings", MaxPositionEmbeddings), ("dim", Dim)),
        new([$"transformer.layer.{NLayers - 1}.ffn.lin1.weight"], ("hidden_dim", HiddenDim), ("dim", Dim), ("n_layers", NLayers)),
    ];

    /// <inheritdoc/>
    public EncoderNetwork Build() => new DistilBertEncoder(this);
}

/// <summary>
/// All of DistilBERT in one file: half of BERT's layers, taught by BERT; no token types, and no dropout behind attention.
/// Sanh et al. 2019, "DistilBERT, a distilled version of BERT: smaller, faster, cheaper and lighter"; names and numbers as in
/// Hugging Face <c>modeling_distilbert.py</c>.
/// </summary>
internal sealed class DistilBertEncoder : EncoderNetwork
{
    private static readonly EncoderLayerNames Names = new(
        Query: "attention.q_lin", Key: "attention.k_lin", Value: "attention.v_lin", AttentionOutput: "attention.out_lin",
        AttentionNorm: "sa_layer_norm", FeedForwardIn: "ffn.lin1", FeedForwardOut: "ffn.lin2", OutputNorm: "output_layer_norm");

    private readonly DistilBertConfig _config;
    private readonly Embedding _words, _positions;
    private readonly LayerNorm _norm;

    /// <summary>Builds the network with random weights, drawn from torch's generator.</summary>
    public DistilBertEncoder(DistilBertConfig config)
        : base(nameof(DistilBertEncoder), config.Shape)
    {
        _config = config;
        _words = this.Place("embeddings.word_embeddings", Embedding(config.VocabSize, config.Dim));
        _positions = this.Place("embeddings.position_embeddings", Embedding(config.MaxPositionEmbeddings, config.Dim));
        _norm = this.Place("embeddings.LayerNorm", LayerNorm(config.Dim, config.Shape.Epsilon));
        AddLayers("transformer.layer", Names);
    }

    /// <inheritdoc/>
    public override int MaxLength => _config.MaxPositionEmbeddings;

    /// <inheritdoc/>
    public override int VocabularySize => _config.VocabSize;

    // A token's vector plus its position's, normalised.
    /// <inheritdoc/>
    public override Tensor Embed(PackedBatch batch)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor sum = _words.forward(batch.Ids).Plus(_positions.forward(batch.Positions));
        return functional.dropout(_norm.forward(sum), _config.Dropout, training).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void NumberPositions(ReadOnlySpan<int> ids, Span<long> positions)
    {
        for (int i = 0; i < ids.Length; i++) positions[i] = i;
    }

    // Norms come after each sum, as in the first transformer.
    /// <inheritdoc/>
    protected override Tensor ForwardLayer(EncoderLayer layer, Tensor x, PackedBatch batch, IReadOnlyList<Tensor?> biases)
    {
        using IDisposable scope = NewDisposeScope();
        x = layer.AttentionNorm.forward(x.Plus(layer.AttentionOutput.forward(layer.Attend(x, batch, biases))));
        Tensor wide = functional.gelu(layer.FeedForwardIn.forward(x.to(layer.ComputeType)));
        Tensor narrow = layer.FeedForwardOut.forward(wide);
        return layer.OutputNorm.forward(x.Plus(layer.Drop(narrow, _config.Dropout))).MoveToOuterDisposeScope();
    }
}
