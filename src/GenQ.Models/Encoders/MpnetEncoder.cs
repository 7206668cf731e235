using GenQ.Compute;
using GenQ.Data;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenQ.Models;

/// <summary>The sizes of an MPNet, as its <c>config.json</c> names them; the defaults are <c>configuration_mpnet.py</c>'s.</summary>
internal sealed record MpnetConfig
{
    /// <summary>Rows of the table of token vectors.</summary>
    public int VocabSize { get; init; } = 30527;

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

    /// <summary>Rows of the table of positions; the first two hold no position.</summary>
    public int MaxPositionEmbeddings { get; init; } = 512;

    /// <summary>Added to the variance in the norms.</summary>
    public double LayerNormEps { get; init; } = 1e-12;

    /// <summary>Buckets of relative distance, for both directions together.</summary>
    public int RelativeAttentionNumBuckets { get; init; } = 32;

    /// <summary>The id of padding, after which positions are numbered.</summary>
    public int PadTokenId { get; init; } = 1;
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
    // Constants of the reference's code.
    private const int PaddingId = 1, Buckets = 32;

    [ComponentName(Name = "embeddings")]
    private readonly MpnetEmbeddings _embeddings;

    [ComponentName(Name = "encoder")]
    private readonly MpnetStack _stack;

    private readonly MpnetConfig _config;

    /// <summary>Builds the network with random weights, drawn from torch's generator.</summary>
    public MpnetEncoder(MpnetConfig config)
        : base(nameof(MpnetEncoder))
    {
        RequireGelu(config.HiddenAct);
        RequireWholeHeads(config.HiddenSize, config.NumAttentionHeads);
        if ((config.PadTokenId, config.RelativeAttentionNumBuckets) != (PaddingId, Buckets))
        {
            throw new GenQException(
                $"The MPNet's config.json has pad_token_id {config.PadTokenId} and relative_attention_num_buckets {config.RelativeAttentionNumBuckets}: "
                + $"expected {PaddingId} and {Buckets}, with which every MPNet is computed whatever its file says.");
        }

        _config = config;
        _embeddings = new MpnetEmbeddings(config);
        _stack = new MpnetStack(config);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int HiddenSize => _config.HiddenSize;

    /// <inheritdoc/>
    public override int LayerCount => _config.NumHiddenLayers;

    /// <inheritdoc/>
    public override int MaxLength => _config.MaxPositionEmbeddings - _config.PadTokenId - 1;

    /// <inheritdoc/>
    public override string Prefix => "mpnet.";

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

    // A text can spell "<pad>": such a token has the padding's position and is not counted, as in the reference.
    /// <inheritdoc/>
    protected override void NumberPositions(ReadOnlySpan<int> ids, Span<long> positions)
    {
        int pad = _config.PadTokenId, count = 0;
        for (int i = 0; i < ids.Length; i++) positions[i] = ids[i] == pad ? pad : pad + ++count;
    }
}

/// <summary>A token's vector plus its position's, normalised.</summary>
internal sealed class MpnetEmbeddings : Module
{
    [ComponentName(Name = "word_embeddings")]
    private readonly Embedding _words;

    [ComponentName(Name = "position_embeddings")]
    private readonly Embedding _positions;

    [ComponentName(Name = "LayerNorm")]
    private readonly LayerNorm _norm;

    private readonly Dropout _dropout;

    public MpnetEmbeddings(MpnetConfig config)
        : base(nameof(MpnetEmbeddings))
    {
        _words = Embedding(config.VocabSize, config.HiddenSize);
        _positions = Embedding(config.MaxPositionEmbeddings, config.HiddenSize);
        _norm = LayerNorm(config.HiddenSize, config.LayerNormEps);
        _dropout = Dropout(config.HiddenDropoutProb);
        RegisterComponents();
    }

    // (rows) -> (rows, hidden)
    public Tensor Forward(PackedBatch batch)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor sum = _words.forward(batch.Ids).Plus(_positions.forward(batch.Positions));
        return _dropout.forward(_norm.forward(sum)).MoveToOuterDisposeScope();
    }
}

/// <summary>The layers, and the relative bias that they share.</summary>
internal sealed class MpnetStack : Module
{
    // From here on distances share the last bucket; a constant of the architecture, not in config.json.
    private const int MaxDistance = 128;

    [ComponentName(Name = "layer")]
    private readonly ModuleList<MpnetLayer> _layers;

    [ComponentName(Name = "relative_attention_bias")]
    private readonly Embedding _relativeBias;

    private readonly int _buckets;
    private readonly FusedLayers _fused;

    public MpnetStack(MpnetConfig config)
        : base(nameof(MpnetStack))
    {
        _buckets = config.RelativeAttentionNumBuckets;
        _layers = ModuleList(Enumerable.Range(0, config.NumHiddenLayers).Select(_ => new MpnetLayer(config)).ToArray());
        _relativeBias = Embedding(_buckets, config.NumAttentionHeads);
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
        Tensor[] biases = Biases(batch, _layers[0].ComputeType);
        return [.. _layers.Select(layer => (Func<Tensor, Tensor>)(x => layer.Forward(x, batch, biases)))];
    }

    public void UseInt8() => _fused.UseInt8();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _fused.Dispose();
        base.Dispose(disposing);
    }

    // The same by way of the kernels.
    public Tensor ForwardFused(Tensor x, PackedBatch batch)
    {
        using IDisposable scope = NewDisposeScope();
        return _fused.Forward(x, batch, BiasOver(batch), training).MoveToOuterDisposeScope();
    }

    public Func<Tensor, Tensor>[] LayersFused(PackedBatch batch)
    {
        Tensor bias = BiasOver(batch);
        return [.. _fused.OneByOne().Select(layer => (Func<Tensor, Tensor>)(x => layer.Forward(x, batch, bias, training)))];
    }

    // For the kernels, (heads, n, n), n the longest sequence rounded up.
    private Tensor BiasOver(PackedBatch batch) => Bias(AttentionLayout.RoundUp(batch.Groups.Max(group => group.Length))).contiguous();

    // What is added to the scores of each group, (1 or count, heads, length, length).
    private Tensor[] Biases(PackedBatch batch, ScalarType type)
    {
        Tensor all = Bias(batch.Groups.Max(group => group.Length)).unsqueeze(0).to(type);
        return [.. batch.Groups.Select(group =>
        {
            Tensor bias = all.narrow(2, 0, group.Length).narrow(3, 0, group.Length).contiguous();
            return group.KeyMask(type) is { } mask ? bias.Plus(mask) : bias;
        })];
    }

    // (heads, longest, longest). It depends on the distance alone, so a short group's is the upper left corner.
    private Tensor Bias(int longest)
    {
        long[] buckets = new long[longest * longest];
        for (int query = 0; query < longest; query++)
        {
            for (int key = 0; key < longest; key++) buckets[query * longest + key] = Bucket(key - query, _buckets);
        }

        // (longest * longest, heads) -> (heads, longest, longest)
        return _relativeBias.forward(tensor(buckets, device: _relativeBias.weight!.device)).view(longest, longest, -1).permute(2, 0, 1);
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

/// <summary>Attention, then feed-forward; a norm after each, over the sum with what went in.</summary>
internal sealed class MpnetLayer : Module
{
    [ComponentName(Name = "attention")]
    private readonly MpnetAttention _attention;

    [ComponentName(Name = "intermediate")]
    private readonly MpnetIntermediate _intermediate;

    [ComponentName(Name = "output")]
    private readonly MpnetOutput _output;

    public MpnetLayer(MpnetConfig config)
        : base(nameof(MpnetLayer))
    {
        _attention = new MpnetAttention(config);
        _intermediate = new MpnetIntermediate(config);
        _output = new MpnetOutput(config);
        RegisterComponents();
    }

    public ScalarType ComputeType => _intermediate.ComputeType;

    public EncoderLayerWeights Weights => new(
        _attention.SelfAttention.Q, _attention.SelfAttention.K, _attention.SelfAttention.V, _attention.SelfAttention.O, _attention.Norm,
        _intermediate.Dense, _output.Dense, _output.Norm);

    public Tensor Forward(Tensor x, PackedBatch batch, Tensor[] biases)
    {
        using IDisposable scope = NewDisposeScope();
        x = _attention.Forward(x, batch, biases);
        return _output.Forward(_intermediate.Forward(x), x).MoveToOuterDisposeScope();
    }
}

/// <summary>Self-attention with its residual sum and norm.</summary>
internal sealed class MpnetAttention : Module
{
    [ComponentName(Name = "attn")]
    private readonly MpnetSelfAttention _attention;

    [ComponentName(Name = "LayerNorm")]
    private readonly LayerNorm _norm;

    private readonly Dropout _dropout;

    public MpnetAttention(MpnetConfig config)
        : base(nameof(MpnetAttention))
    {
        _attention = new MpnetSelfAttention(config);
        _norm = LayerNorm(config.HiddenSize, config.LayerNormEps);
        _dropout = Dropout(config.HiddenDropoutProb);
        RegisterComponents();
    }

    public MpnetSelfAttention SelfAttention => _attention;

    public LayerNorm Norm => _norm;

    public Tensor Forward(Tensor x, PackedBatch batch, Tensor[] biases)
        => _norm.forward(x.Plus(_dropout.forward(_attention.Forward(x, batch, biases))));
}

/// <summary>Each token asks all tokens of its text, by head.</summary>
internal sealed class MpnetSelfAttention : Module
{
    [ComponentName(Name = "q")]
    private readonly Linear _q;

    [ComponentName(Name = "k")]
    private readonly Linear _k;

    [ComponentName(Name = "v")]
    private readonly Linear _v;

    [ComponentName(Name = "o")]
    private readonly Linear _o;

    private readonly Dropout _dropout;
    private readonly int _heads;
    private readonly double _scale;

    public MpnetSelfAttention(MpnetConfig config)
        : base(nameof(MpnetSelfAttention))
    {
        _heads = config.NumAttentionHeads;
        _scale = 1 / Math.Sqrt(config.HiddenSize / _heads);
        _q = Linear(config.HiddenSize, config.HiddenSize);
        _k = Linear(config.HiddenSize, config.HiddenSize);
        _v = Linear(config.HiddenSize, config.HiddenSize);
        _o = Linear(config.HiddenSize, config.HiddenSize);
        _dropout = Dropout(config.AttentionProbsDropoutProb);
        RegisterComponents();
    }

    public Linear Q => _q;

    public Linear K => _k;

    public Linear V => _v;

    public Linear O => _o;

    public Tensor Forward(Tensor x, PackedBatch batch, Tensor[] biases)
    {
        Tensor input = x.to(_q.weight!.dtype);
        Tensor q = _q.forward(input).Times(_scale), k = _k.forward(input), v = _v.forward(input);

        // Plain matmuls of contiguous matrices: on a CPU twice as fast, backward pass counted, as the fused attention.
        return _o.forward(batch.Join(batch.Groups.Select((group, i) =>
        {
            Tensor scores = Heads(group, q).matmul(Heads(group, k).transpose(-1, -2)).Plus(biases[i]);
            Tensor mixed = _dropout.forward(scores.softmax(-1)).matmul(Heads(group, v));

            // (count, heads, length, hidden / heads) -> (count, length, hidden)
            return group.Unpad(mixed.transpose(1, 2).reshape(group.Count, group.Length, -1));
        })));
    }

    // (rows, hidden) -> (count, heads, length, hidden / heads)
    private Tensor Heads(SequenceGroup group, Tensor packed)
        => group.Pad(packed).view(group.Count, group.Length, _heads, -1).transpose(1, 2).contiguous();
}

/// <summary>The wide half of the feed-forward layer.</summary>
internal sealed class MpnetIntermediate : Module
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    public MpnetIntermediate(MpnetConfig config)
        : base(nameof(MpnetIntermediate))
    {
        _dense = Linear(config.HiddenSize, config.IntermediateSize);
        RegisterComponents();
    }

    public Linear Dense => _dense;

    public ScalarType ComputeType => _dense.weight!.dtype;

    public Tensor Forward(Tensor x) => functional.gelu(_dense.forward(x.to(ComputeType)));
}

/// <summary>The narrow half of the feed-forward layer, with its residual sum and norm.</summary>
internal sealed class MpnetOutput : Module
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    [ComponentName(Name = "LayerNorm")]
    private readonly LayerNorm _norm;

    private readonly Dropout _dropout;

    public MpnetOutput(MpnetConfig config)
        : base(nameof(MpnetOutput))
    {
        _dense = Linear(config.IntermediateSize, config.HiddenSize);
        _norm = LayerNorm(config.HiddenSize, config.LayerNormEps);
        _dropout = Dropout(config.HiddenDropoutProb);
        RegisterComponents();
    }

    public Linear Dense => _dense;

    public LayerNorm Norm => _norm;

    public Tensor Forward(Tensor wide, Tensor x) => _norm.forward(x.Plus(_dropout.forward(_dense.forward(wide))));
}
