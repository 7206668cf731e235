using GenQ.Data;
using GenQ.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenQ.Models;

/// <summary>The sizes of a BERT, as its <c>config.json</c> names them; the defaults are <c>configuration_bert.py</c>'s.</summary>
internal sealed record BertConfig : IEncoderConfig
{
    /// <summary>Rows of the table of token vectors.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int VocabSize { get; init; } = 30522;

    /// <summary>Width of the residual stream.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int HiddenSize { get; init; } = 768;

    /// <summary>Layers.</summary>
    [ConfigValue(ConfigKind.Count)]
    public int NumHiddenLayers { get; init; } = 12;

    /// <summary>Attention heads.</summary>
    [ConfigValue(ConfigKind.Count)]
    public int NumAttentionHeads { get; init; } = 12;

    /// <summary>Width inside the feed-forward layers.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>The activation inside the feed-forward layers.</summary>
    [ConfigValue]
    public string HiddenAct { get; init; } = "gelu";

    /// <summary>Chance that an activation is dropped in training.</summary>
    [ConfigValue(ConfigKind.Chance)]
    public double HiddenDropoutProb { get; init; } = 0.1;

    /// <summary>Chance that an attention weight is dropped in training.</summary>
    [ConfigValue(ConfigKind.Chance)]
    public double AttentionProbsDropoutProb { get; init; } = 0.1;

    /// <summary>Rows of the table of positions.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int MaxPositionEmbeddings { get; init; } = 512;

    /// <summary>Added to the variance in the norms.</summary>
    [ConfigValue(ConfigKind.Epsilon)]
    public double LayerNormEps { get; init; } = 1e-12;

    /// <summary>Rows of the table of token types; a single text is of type 0 throughout.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int TypeVocabSize { get; init; } = 2;

    /// <summary>How positions are known: "absolute", by the table. The relative kinds are not built.</summary>
    [ConfigValue]
    public string PositionEmbeddingType { get; init; } = "absolute";

    /// <inheritdoc/>
    public EncoderShape Shape => new()
    {
        HiddenSize = HiddenSize,
        Layers = NumHiddenLayers,
        Heads = NumAttentionHeads,
        InnerSize = IntermediateSize,
        Epsilon = LayerNormEps,
        AttentionDropout = AttentionProbsDropoutProb,
        AttentionOutputDropout = HiddenDropoutProb,
        OutputDropout = HiddenDropoutProb,
        Activation = HiddenAct,
    };

    /// <inheritdoc/>
    public IReadOnlyList<SizedTensor> Tensors =>
    [
        new(["embeddings.word_embeddings.weight"], ("vocab_size", VocabSize), ("hidden_size", HiddenSize)),
        new(["embeddings.position_embeddings.weight"], ("max_position_embeddings", MaxPositionEmbeddings), ("hidden_size", HiddenSize)),
        new(["embeddings.token_type_embeddings.weight"], ("type_vocab_size", TypeVocabSize), ("hidden_size", HiddenSize)),
        new([$"encoder.layer.{NumHiddenLayers - 1}.intermediate.dense.weight"], ("intermediate_size", IntermediateSize), ("hidden_size", HiddenSize), ("num_hidden_layers", NumHiddenLayers)),
    ];

    /// <inheritdoc/>
    public EncoderNetwork Build() => new BertEncoder(this);
}

/// <summary>
/// All of BERT in one file, MiniLM included: an encoder whose tokens each look at all tokens of their text.
/// Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding"; names and
/// numbers as in Hugging Face <c>modeling_bert.py</c>.
/// </summary>
/// <remarks>The pooler is left out: sentence embeddings do not use it.</remarks>
internal sealed class BertEncoder : EncoderNetwork
{
    /// <summary>What checkpoints call the parts of a layer.</summary>
    public static EncoderLayerNames Names { get; } = new(
        Query: "attention.self.query", Key: "attention.self.key", Value: "attention.self.value",
        AttentionOutput: "attention.output.dense", AttentionNorm: "attention.output.LayerNorm",
        FeedForwardIn: "intermediate.dense", FeedForwardOut: "output.dense", OutputNorm: "output.LayerNorm");

    private readonly BertConfig _config;
    private readonly Embedding _words, _positions, _types;
    private readonly LayerNorm _norm;

    /// <summary>Builds the network with random weights, drawn from torch's generator.</summary>
    public BertEncoder(BertConfig config)
        : base(nameof(BertEncoder), config.Shape)
    {
        if (config.PositionEmbeddingType != "absolute")
        {
            throw new GenQException(
                $"config.json has position_embedding_type '{config.PositionEmbeddingType}'; BERT is built with 'absolute' only.");
        }

        _config = config;
        _words = this.Place("embeddings.word_embeddings", Embedding(config.VocabSize, config.HiddenSize));
        _positions = this.Place("embeddings.position_embeddings", Embedding(config.MaxPositionEmbeddings, config.HiddenSize));
        _types = this.Place("embeddings.token_type_embeddings", Embedding(config.TypeVocabSize, config.HiddenSize));
        _norm = this.Place("embeddings.LayerNorm", LayerNorm(config.HiddenSize, config.LayerNormEps));
        AddLayers("encoder.layer", Names);
    }

    /// <inheritdoc/>
    public override int MaxLength => _config.MaxPositionEmbeddings;

    /// <inheritdoc/>
    public override int VocabularySize => _config.VocabSize;

    // A token's vector plus its position's and its type's, normalised.
    /// <inheritdoc/>
    public override Tensor Embed(PackedBatch batch)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor sum = _words.forward(batch.Ids).Plus(_positions.forward(batch.Positions)).Plus(_types.weight!.narrow(0, 0, 1));
        return functional.dropout(_norm.forward(sum), _config.HiddenDropoutProb, training).MoveToOuterDisposeScope();
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
        Tensor attended = layer.AttentionOutput.forward(layer.Attend(x, batch, biases));
        x = layer.AttentionNorm.forward(x.Plus(layer.Drop(attended, _config.HiddenDropoutProb)));
        Tensor wide = functional.gelu(layer.FeedForwardIn.forward(x.to(layer.ComputeType)));
        Tensor narrow = layer.FeedForwardOut.forward(wide);
        return layer.OutputNorm.forward(x.Plus(layer.Drop(narrow, _config.HiddenDropoutProb))).MoveToOuterDisposeScope();
    }
}
