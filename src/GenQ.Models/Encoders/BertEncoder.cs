using GenQ.Data;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenQ.Models;

/// <summary>The sizes of a BERT, as its <c>config.json</c> names them; the defaults are <c>configuration_bert.py</c>'s.</summary>
internal sealed record BertConfig
{
    /// <summary>Rows of the table of token vectors.</summary>
    public int VocabSize { get; init; } = 30522;

    /// <summary>Width of the residual stream.</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary>Layers.</summary>
    public int NumHiddenLayers { get; init; } = 12;

    /// <summary>Attention heads.</summary>
    public int NumAttentionHeads { get; init; } = 12;

    /// <summary>Width inside the feed-forward layers.</summary>
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>The activation inside the feed-forward layers.</summary>
    public string HiddenAct { get; init; } = "gelu";

    /// <summary>Chance that an activation is dropped in training.</summary>
    public double HiddenDropoutProb { get; init; } = 0.1;

    /// <summary>Chance that an attention weight is dropped in training.</summary>
    public double AttentionProbsDropoutProb { get; init; } = 0.1;

    /// <summary>Rows of the table of positions.</summary>
    public int MaxPositionEmbeddings { get; init; } = 512;

    /// <summary>Added to the variance in the norms.</summary>
    public double LayerNormEps { get; init; } = 1e-12;

    /// <summary>Rows of the table of token types; a single text is of type 0 throughout.</summary>
    public int TypeVocabSize { get; init; } = 2;

    /// <summary>How positions are known: "absolute", by the table. The relative kinds are not built.</summary>
    public string PositionEmbeddingType { get; init; } = "absolute";
}

/// <summary>
/// All of BERT in one file, MiniLM included: an encoder whose tokens each look at all tokens of their text.
/// Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding"; names and
/// numbers as in Hugging Face <c>modeling_bert.py</c>.
/// </summary>
/// <remarks>Norms come after each sum, as in the first transformer. The pooler is left out: sentence embeddings do not use it.</remarks>
internal sealed class BertEncoder : EncoderNetwork
{
    [ComponentName(Name = "embeddings")]
    private readonly BertEmbeddings _embeddings;

    [ComponentName(Name = "encoder")]
    private readonly BertStack _stack;

    private readonly BertConfig _config;

    /// <summary>Builds the network with random weights, drawn from torch's generator.</summary>
    public BertEncoder(BertConfig config)
        : base(nameof(BertEncoder))
    {
        RequireGelu(config.HiddenAct);
        RequireWholeHeads(config.HiddenSize, config.NumAttentionHeads);
        if (config.PositionEmbeddingType != "absolute")
        {
            throw new GenQException(
                $"config.json has position_embedding_type '{config.PositionEmbeddingType}'; BERT is built with 'absolute' only.");
        }

        _config = config;
        _embeddings = new BertEmbeddings(config);
        _stack = new BertStack(config);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int HiddenSize => _config.HiddenSize;

    /// <inheritdoc/>
    public override int LayerCount => _config.NumHiddenLayers;

    /// <inheritdoc/>
    public override int MaxLength => _config.MaxPositionEmbeddings;

    /// <inheritdoc/>
    public override string Prefix => "bert.";

    /// <inheritdoc/>
    public override int VocabularySize => _config.VocabSize;

    /// <inheritdoc/>
    public override Tensor Forward(PackedBatch batch)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor x = Embed(batch);
        return (RunsLayersFused ? _stack.ForwardFused(x, batch) : _stack.Forward(x, batch)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Embed(PackedBatch batch) => _embeddings.Forward(batch);

    /// <inheritdoc/>
    public override IReadOnlyList<Func<Tensor, Tensor>> LayersOver(PackedBatch batch)
        => RunsLayersFused ? _stack.LayersFused(batch) : _stack.Layers(batch);

    /// <inheritdoc/>
    public override void UseInt8() => _stack.UseInt8();

    /// <inheritdoc/>
    protected override void NumberPositions(ReadOnlySpan<int> ids, Span<long> positions)
    {
        for (int i = 0; i < ids.Length; i++) positions[i] = i;
    }
}

/// <summary>A token's vector plus its position's and its type's, normalised.</summary>
internal sealed class BertEmbeddings : Module
{
    [ComponentName(Name = "word_embeddings")]
    private readonly Embedding _words;

    [ComponentName(Name = "position_embeddings")]
    private readonly Embedding _positions;

    [ComponentName(Name = "token_type_embeddings")]
    private readonly Embedding _types;

    [ComponentName(Name = "LayerNorm")]
    private readonly LayerNorm _norm;

    private readonly Dropout _dropout;

    public BertEmbeddings(BertConfig config)
        : base(nameof(BertEmbeddings))
    {
        _words = Embedding(config.VocabSize, config.HiddenSize);
        _positions = Embedding(config.MaxPositionEmbeddings, config.HiddenSize);
        _types = Embedding(config.TypeVocabSize, config.HiddenSize);
        _norm = LayerNorm(config.HiddenSize, config.LayerNormEps);
        _dropout = Dropout(config.HiddenDropoutProb);
        RegisterComponents();
    }

    // (rows) -> (rows, hidden)
    public Tensor Forward(PackedBatch batch)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor sum = _words.forward(batch.Ids).Plus(_positions.forward(batch.Positions)).Plus(_types.weight!.narrow(0, 0, 1));
        return _dropout.forward(_norm.forward(sum)).MoveToOuterDisposeScope();
    }
}

/// <summary>The layers.</summary>
internal sealed class BertStack : Module
{
    [ComponentName(Name = "layer")]
    private readonly ModuleList<BertLayer> _layers;

    private readonly FusedLayers _fused;

    public BertStack(BertConfig config)
        : base(nameof(BertStack))
    {
        _layers = ModuleList(Enumerable.Range(0, config.NumHiddenLayers).Select(_ => new BertLayer(config)).ToArray());
        RegisterComponents();
        _fused = new FusedLayers(
            [.. _layers.Select(layer => layer.Weights)], config.NumAttentionHeads, config.LayerNormEps, config.HiddenDropoutProb,
            config.AttentionProbsDropoutProb);
    }

    // (rows, hidden) -> (rows, hidden)
    public Tensor Forward(Tensor x, PackedBatch batch)
    {
        using IDisposable scope = NewDisposeScope();
        foreach (Func<Tensor, Tensor> layer in Layers(batch)) x = layer(x);
        return x.MoveToOuterDisposeScope();
    }

    public Func<Tensor, Tensor>[] Layers(PackedBatch batch)
    {
        Tensor?[] masks = [.. batch.Groups.Select(group => group.KeyMask(_layers[0].ComputeType))];
        return [.. _layers.Select(layer => (Func<Tensor, Tensor>)(x => layer.Forward(x, batch, masks)))];
    }

    public void UseInt8() => _fused.UseInt8();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _fused.Dispose();
        base.Dispose(disposing);
    }

    // The same by way of the kernels.
    public Tensor ForwardFused(Tensor x, PackedBatch batch) => _fused.Forward(x, batch, null, training);

    public Func<Tensor, Tensor>[] LayersFused(PackedBatch batch)
        => [.. _fused.OneByOne().Select(layer => (Func<Tensor, Tensor>)(x => layer.Forward(x, batch, null, training)))];
}

/// <summary>Attention, then feed-forward; a norm after each, over the sum with what went in.</summary>
internal sealed class BertLayer : Module
{
    [ComponentName(Name = "attention")]
    private readonly BertAttention _attention;

    [ComponentName(Name = "intermediate")]
    private readonly BertIntermediate _intermediate;

    [ComponentName(Name = "output")]
    private readonly BertOutput _output;

    public BertLayer(BertConfig config)
        : base(nameof(BertLayer))
    {
        _attention = new BertAttention(config);
        _intermediate = new BertIntermediate(config);
        _output = new BertOutput(config, config.IntermediateSize);
        RegisterComponents();
    }

    public ScalarType ComputeType => _intermediate.ComputeType;

    public EncoderLayerWeights Weights => new(
        _attention.SelfAttention.Query, _attention.SelfAttention.Key, _attention.SelfAttention.Value, _attention.Output.Dense,
        _attention.Output.Norm, _intermediate.Dense, _output.Dense, _output.Norm);

    public Tensor Forward(Tensor x, PackedBatch batch, Tensor?[] masks)
    {
        using IDisposable scope = NewDisposeScope();
        x = _attention.Forward(x, batch, masks);
        return _output.Forward(_intermediate.Forward(x), x).MoveToOuterDisposeScope();
    }
}

/// <summary>Self-attention, then the linear layer, residual sum and norm that close it.</summary>
internal sealed class BertAttention : Module
{
    [ComponentName(Name = "self")]
    private readonly BertSelfAttention _attention;

    [ComponentName(Name = "output")]
    private readonly BertOutput _output;

    public BertAttention(BertConfig config)
        : base(nameof(BertAttention))
    {
        _attention = new BertSelfAttention(config);
        _output = new BertOutput(config, config.HiddenSize);
        RegisterComponents();
    }

    public BertSelfAttention SelfAttention => _attention;

    public BertOutput Output => _output;

    public Tensor Forward(Tensor x, PackedBatch batch, Tensor?[] masks) => _output.Forward(_attention.Forward(x, batch, masks), x);
}

/// <summary>Each token asks all tokens of its text, by head.</summary>
internal sealed class BertSelfAttention : Module
{
    [ComponentName(Name = "query")]
    private readonly Linear _query;

    [ComponentName(Name = "key")]
    private readonly Linear _key;

    [ComponentName(Name = "value")]
    private readonly Linear _value;

    private readonly Dropout _dropout;
    private readonly int _heads;
    private readonly double _scale;

    public BertSelfAttention(BertConfig config)
        : base(nameof(BertSelfAttention))
    {
        _heads = config.NumAttentionHeads;
        _scale = 1 / Math.Sqrt(config.HiddenSize / _heads);
        _query = Linear(config.HiddenSize, config.HiddenSize);
        _key = Linear(config.HiddenSize, config.HiddenSize);
        _value = Linear(config.HiddenSize, config.HiddenSize);
        _dropout = Dropout(config.AttentionProbsDropoutProb);
        RegisterComponents();
    }

    public Linear Query => _query;

    public Linear Key => _key;

    public Linear Value => _value;

    public Tensor Forward(Tensor x, PackedBatch batch, Tensor?[] masks)
    {
        Tensor input = x.to(_query.weight!.dtype);
        Tensor q = _query.forward(input).Times(_scale), k = _key.forward(input), v = _value.forward(input);

        // Plain matmuls of contiguous matrices: on a CPU twice as fast, backward pass counted, as the fused attention.
        return batch.Join(batch.Groups.Select((group, i) =>
        {
            Tensor scores = Heads(group, q).matmul(Heads(group, k).transpose(-1, -2));
            if (masks[i] is { } mask) scores = scores.Plus(mask);
            Tensor mixed = _dropout.forward(scores.softmax(-1)).matmul(Heads(group, v));

            // (count, heads, length, hidden / heads) -> (count, length, hidden)
            return group.Unpad(mixed.transpose(1, 2).reshape(group.Count, group.Length, -1));
        }));
    }

    // (rows, hidden) -> (count, heads, length, hidden / heads)
    private Tensor Heads(SequenceGroup group, Tensor packed)
        => group.Pad(packed).view(group.Count, group.Length, _heads, -1).transpose(1, 2).contiguous();
}

/// <summary>The wide half of the feed-forward layer.</summary>
internal sealed class BertIntermediate : Module
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    public BertIntermediate(BertConfig config)
        : base(nameof(BertIntermediate))
    {
        _dense = Linear(config.HiddenSize, config.IntermediateSize);
        RegisterComponents();
    }

    public Linear Dense => _dense;

    public ScalarType ComputeType => _dense.weight!.dtype;

    public Tensor Forward(Tensor x) => functional.gelu(_dense.forward(x.to(ComputeType)));
}

/// <summary>A linear layer back to the width of the residual stream, the sum with it, and the norm: closes attention and feed-forward.</summary>
internal sealed class BertOutput : Module
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    [ComponentName(Name = "LayerNorm")]
    private readonly LayerNorm _norm;

    private readonly Dropout _dropout;

    public BertOutput(BertConfig config, int width)
        : base(nameof(BertOutput))
    {
        _dense = Linear(width, config.HiddenSize);
        _norm = LayerNorm(config.HiddenSize, config.LayerNormEps);
        _dropout = Dropout(config.HiddenDropoutProb);
        RegisterComponents();
    }

    public Linear Dense => _dense;

    public LayerNorm Norm => _norm;

    public Tensor Forward(Tensor result, Tensor x) => _norm.forward(x.Plus(_dropout.forward(_dense.forward(result))));
}
