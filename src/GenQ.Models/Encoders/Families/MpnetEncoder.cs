using GenQ.Data;
using GenQ.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenQ.Models;

/// <summary>The sizes of an MPNet, as its <c>config.json</c> names them; the defaults are <c>configuration_mpnet.py</c>'s.</summary>
internal sealed record MpnetConfig : IEncoderConfig
{
    /// <summary>Rows of the table of token vectors.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int VocabSize { get; init; } = 30527;

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

    /// <summary>Rows of the table of positions; the first two hold no position.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int MaxPositionEmbeddings { get; init; } = 512;

    /// <summary>Added to the variance in the norms.</summary>
    [ConfigValue(ConfigKind.Epsilon)]
    public double LayerNormEps { get; init; } = 1e-12;

    /// <summary>Buckets of relative distance, for both directions together.</summary>
    [ConfigValue(ConfigKind.Size)]
    public int RelativeAttentionNumBuckets { get; init; } = 32;

    /// <summary>The id of padding, after which positions are numbered.</summary>
    [ConfigValue(ConfigKind.Id)]
    public int PadTokenId { get; init; } = 1;

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
        new([$"encoder.layer.{NumHiddenLayers - 1}.intermediate.dense.weight"], ("intermediate_size", IntermediateSize), ("hidden_size", HiddenSize), ("num_hidden_layers", NumHiddenLayers)),
    ];

    /// <inheritdoc/>
    public EncoderNetwork Build() => new MpnetEncoder(this);
}

/// <summary>
/// All of MPNet in one file: a BERT-like encoder whose attention also knows how far apart two tokens are.
/// Song et al. 2020, "MPNet: Masked and Permuted Pre-training for Language Understanding"; names and numbers as in
/// Hugging Face <c>modeling_mpnet.py</c>.
/// </summary>
/// <remarks>
/// What sets MPNet apart from BERT: one learned bias per bucket of relative distance and head, made once and added to
/// the scores of every layer; positions that start behind the padding id; no token types.
/// </remarks>
internal sealed class MpnetEncoder : EncoderNetwork
{
    // Constants of the reference's code, not of config.json. From the greatest distance on all share the last bucket.
    private const int PaddingId = 1, Buckets = 32, MaxDistance = 128;

    private static readonly EncoderLayerNames Names = new(
        Query: "attention.attn.q", Key: "attention.attn.k", Value: "attention.attn.v",
        AttentionOutput: "attention.attn.o", AttentionNorm: "attention.LayerNorm",
        FeedForwardIn: "intermediate.dense", FeedForwardOut: "output.dense", OutputNorm: "output.LayerNorm");

    private readonly MpnetConfig _config;
    private readonly Embedding _words, _positions, _relativeBias;
    private readonly LayerNorm _norm;

    /// <summary>Builds the network with random weights, drawn from torch's generator.</summary>
    public MpnetEncoder(MpnetConfig config)
        : base(nameof(MpnetEncoder), config.Shape)
    {
        if ((config.PadTokenId, config.RelativeAttentionNumBuckets) != (PaddingId, Buckets))
        {
            throw new GenQException(
                $"The MPNet's config.json has pad_token_id {config.PadTokenId} and relative_attention_num_buckets {config.RelativeAttentionNumBuckets}: "
                + $"expected {PaddingId} and {Buckets}, with which every MPNet is computed whatever its file says.");
        }

        _config = config;
        _words = this.Place("embeddings.word_embeddings", Embedding(config.VocabSize, config.HiddenSize));
        _positions = this.Place("embeddings.position_embeddings", Embedding(config.MaxPositionEmbeddings, config.HiddenSize));
        _norm = this.Place("embeddings.LayerNorm", LayerNorm(config.HiddenSize, config.LayerNormEps));
        AddLayers("encoder.layer", Names);
        _relativeBias = this.Place("encoder.relative_attention_bias", Embedding(Buckets, config.NumAttentionHeads));
    }

    /// <inheritdoc/>
    public override int MaxLength => _config.MaxPositionEmbeddings - PaddingId - 1;

    /// <inheritdoc/>
    public override int VocabularySize => _config.VocabSize;

    // A token's vector plus its position's, normalised.
    /// <inheritdoc/>
    public override Tensor Embed(PackedBatch batch)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor sum = _words.forward(batch.Ids).Plus(_positions.forward(batch.Positions));
        return functional.dropout(_norm.forward(sum), _config.HiddenDropoutProb, training).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void NumberPositions(ReadOnlySpan<int> ids, Span<long> positions) => NumberBehindPadding(PaddingId, ids, positions);

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

    // It depends on the distance of query and key alone.
    /// <inheritdoc/>
    protected override Tensor ScoreBias(int length)
    {
        long[] buckets = new long[length * length];
        for (int query = 0; query < length; query++)
        {
            for (int key = 0; key < length; key++) buckets[query * length + key] = Bucket(key - query, Buckets);
        }

        // (length * length, heads) -> (heads, length, length)
        return _relativeBias.forward(tensor(buckets, device: _relativeBias.weight!.device)).view(length, length, -1).permute(2, 0, 1);
    }

    /// <summary>
    /// The bucket of a distance (key place minus query place): half of them for keys behind the query; of each half the
    /// first half is exact, the rest grows logarithmically. As T5's encoder (Raffel et al. 2020, section 2.1).
    /// </summary>
    internal static int Bucket(int distance, int buckets)
    {
        int half = buckets / 2, exact = half / 2;
        int start = distance > 0 ? half : 0, far = Math.Abs(distance);
        if (far < exact) return start + far;

        // Single precision, as the reference computes it: a distance at the border of two buckets must fall alike.
        float grown = MathF.Log(far / (float)exact) / (float)Math.Log(MaxDistance / (double)exact) * (half - exact);
        return start + Math.Min(half - 1, exact + (int)grown);
    }
}
