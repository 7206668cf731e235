using GenQ.Text;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenQ.Models;

/// <summary>
/// All of T5 in one file: an encoder that reads a text, a decoder that writes another, one token after the next.
/// Raffel et al. 2020, "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer";
/// names and numbers as in Hugging Face <c>modeling_t5.py</c>.
/// </summary>
/// <remarks>
/// What sets T5 apart: RMS norms before each layer and no biases, no 1/sqrt(d) in the attention, and no positions but a
/// learned bias for each bucket of relative distance, made in the first block and shared by all. The residual stream,
/// norms and softmax are fp32; matmuls run in the precision of the linear layers' weights.
/// </remarks>
internal sealed class T5Model : Module
{
    // The stacks' names of the shared embedding; some files hold it under one of these alone.
    private static readonly Dictionary<string, string> OtherNames = new()
    {
        ["encoder.embed_tokens.weight"] = "shared.weight",
        ["decoder.embed_tokens.weight"] = "shared.weight",
    };

    [ComponentName(Name = "shared")]
    private readonly Embedding _embedding;

    [ComponentName(Name = "encoder")]
    private readonly T5Stack _encoder;

    [ComponentName(Name = "decoder")]
    private readonly T5Stack _decoder;

    [ComponentName(Name = "lm_head")]
    private readonly Linear? _head;

    private readonly Dropout _dropout;

    /// <summary>Builds the network with random weights, drawn from torch's generator.</summary>
    public T5Model(T5Config config)
        : base(nameof(T5Model))
    {
        Config = config;
        _embedding = Embedding(config.VocabSize, config.DModel);
        _encoder = new T5Stack(config, config.NumLayers, isDecoder: false);
        _decoder = new T5Stack(config, config.DecoderLayers, isDecoder: true);
        if (!config.TieWordEmbeddings) _head = Linear(config.DModel, config.VocabSize, hasBias: false);
        _dropout = Dropout(config.DropoutRate);
        RegisterComponents();
    }

    /// <summary>The sizes.</summary>
    public T5Config Config { get; }

    /// <summary>The encoder, for <see cref="T5EncoderEngine"/>.</summary>
    public T5Stack Encoder => _encoder;

    /// <summary>The decoder, for <see cref="T5StepDecoder"/> and <see cref="T5DecoderEngine"/>.</summary>
    public T5Stack Decoder => _decoder;

    /// <summary>The table of the tokens' vectors, (vocabulary, d_model), fp32.</summary>
    public Tensor Embeddings => _embedding.weight!;

    /// <summary>The device that the weights are on.</summary>
    public Device Device => parameters().First().device;

    /// <summary>Loads a checkpoint's weights, fp32.</summary>
    /// <param name="folder">With config.json and the weights.</param>
    /// <param name="training">Whether dropout is on.</param>
    /// <exception cref="Data.GenQException">A file is missing or does not fit.</exception>
    public static T5Model Load(string folder, bool training = false)
    {
        T5Config config = T5Config.Load(folder);
        ConfigSchema.RequireWeights(folder, config.Tensors);

        // Some v1.1 files say tie_word_embeddings and hold a head of their own all the same: it counts. In v1.0 files
        // lm_head.weight is a second name of the embedding matrix.
        bool ownHead = !config.ScalesOutput && WeightFiles.Names(folder).Any(name => $".{name}".EndsWith(".lm_head.weight", StringComparison.Ordinal));
        T5Model model = new(config with { TieWordEmbeddings = !ownHead, ScaleDecoderOutputs = config.ScalesOutput });
        Checkpoint.Load(model, folder, otherNames: OtherNames);
        model.train(training);
        return model;
    }

    /// <summary>Draws fresh weights with the deviations of T5's own training code, from torch's generator.</summary>
    public void Initialize()
    {
        using IDisposable guard = no_grad();
        double width = Math.Pow(Config.DModel, -0.5), heads = Math.Pow(Config.NumHeads * Config.DKv, -0.5);
        foreach ((string name, Parameter parameter) in named_parameters())
        {
            if (name.EndsWith("layer_norm.weight", StringComparison.Ordinal))
            {
                init.ones_(parameter);
                continue;
            }

            string layer = name.Split('.')[^2];
            init.normal_(parameter, 0, layer switch
            {
                "shared" or "lm_head" => 1,
                "q" => width * Math.Pow(Config.DKv, -0.5),
                "o" => heads,
                "wo" => Math.Pow(Config.DFf, -0.5),
                _ => width,
            });
        }
    }

    /// <summary>Reads texts.</summary>
    /// <param name="ids">(batch, length), int64, padded.</param>
    /// <param name="mask">(batch, length), fp32, 1 for tokens and 0 for padding.</param>
    /// <returns>The encoder's states, (batch, length, d_model), fp32.</returns>
    public Tensor Encode(Tensor ids, Tensor mask)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor bias = _encoder.RelativeBias(ids.shape[1], ids.shape[1]).Plus(MaskBias(mask));
        return _dropout.forward(_encoder.forward(Embed(ids), bias, null, null)).MoveToOuterDisposeScope();
    }

    /// <summary>Scores the next token at every place of <paramref name="decoderIds"/>: what training needs.</summary>
    /// <param name="states">(batch, length, d_model), from <see cref="Encode"/>.</param>
    /// <param name="mask">(batch, length), the mask given to <see cref="Encode"/>.</param>
    /// <param name="decoderIds">(batch, target), int64: the start token and then the target, without its last token.</param>
    /// <returns>Logits, (batch, target, vocabulary), fp32.</returns>
    public Tensor Decode(Tensor states, Tensor mask, Tensor decoderIds)
    {
        using IDisposable scope = NewDisposeScope();
        long length = decoderIds.shape[1];
        Tensor future = TensorArithmetic.Filled([length, length], float.NegativeInfinity, ScalarType.Float32, decoderIds.device).triu(1);
        Tensor bias = _decoder.RelativeBias(length, length).Plus(future);
        Tensor hidden = _dropout.forward(_decoder.forward(Embed(decoderIds), bias, states, MaskBias(mask)));
        return Logits(hidden, HeadWeight()).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the mean cross-entropy over all target tokens of the batch.</summary>
    /// <param name="ids">(batch, length), int64, padded.</param>
    /// <param name="mask">(batch, length), fp32.</param>
    /// <param name="labels">(batch, target), int64, −100 where padded.</param>
    /// <param name="labelSmoothing">The share of the target that is spread over all tokens; 0 in T5's own training.</param>
    /// <returns>A scalar, fp32.</returns>
    public Tensor Loss(Tensor ids, Tensor mask, Tensor labels, double labelSmoothing = 0)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor logits = Decode(Encode(ids, mask), mask, ShiftRight(labels));
        return functional.cross_entropy(logits.view(-1, Config.VocabSize), labels.view(-1), ignore_index: -100, label_smoothing: labelSmoothing)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Places the start token in front of the labels and drops the last one; padding becomes the pad id.</summary>
    public Tensor ShiftRight(Tensor labels)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor start = TensorArithmetic.Filled([labels.shape[0], 1], Config.DecoderStartTokenId, ScalarType.Int64, labels.device);
        Tensor shifted = cat([start, labels.narrow(1, 0, labels.shape[1] - 1)], 1);
        return shifted.Masked(shifted.EqualTo(-100), Config.PadTokenId).MoveToOuterDisposeScope();
    }

    /// <summary>Looks the tokens' vectors up: (…) ids to (…, d_model).</summary>
    public Tensor Embed(Tensor ids) => _dropout.forward(_embedding.forward(ids));

    /// <summary>Scores every token of the vocabulary: (…, d_model) to (…, vocabulary), fp32.</summary>
    /// <param name="hidden">The decoder's states.</param>
    /// <param name="headWeight">From <see cref="HeadWeight"/>.</param>
    public Tensor Logits(Tensor hidden, Tensor headWeight)
    {
        if (Config.ScalesOutput) hidden = hidden.Times(Config.OutputScale);
        return functional.linear(hidden.to(headWeight.dtype), headWeight).to(ScalarType.Float32);
    }

    /// <summary>The output matrix in the precision of the matmuls, (vocabulary, d_model).</summary>
    public Tensor HeadWeight() => _head is null ? _embedding.weight!.to(_encoder.ComputeType) : _head.weight!;

    /// <summary>Makes the bias that hides padding, 0 or a large negative number: (batch, length) to (batch, 1, 1, length).</summary>
    public static Tensor MaskBias(Tensor mask) => mask.Plus(-1).Times(1e9).unsqueeze(1).unsqueeze(1);
}

/// <summary>The encoder or the decoder: blocks, and a norm at the end.</summary>
internal sealed class T5Stack : Module
{
    [ComponentName(Name = "block")]
    private readonly ModuleList<T5Block> _blocks;

    [ComponentName(Name = "final_layer_norm")]
    private readonly T5RmsNorm _norm;

    private readonly T5Config _config;
    private readonly bool _isDecoder;

    public T5Stack(T5Config config, int layers, bool isDecoder)
        : base(nameof(T5Stack))
    {
        (_config, _isDecoder) = (config, isDecoder);
        _blocks = ModuleList(Enumerable.Range(0, layers).Select(i => new T5Block(config, isDecoder, hasBias: i == 0)).ToArray());
        _norm = new T5RmsNorm(config);
        RegisterComponents();
    }

    public ScalarType ComputeType => _blocks[0].SelfAttention.ComputeType;

    public IReadOnlyList<T5Block> Blocks => [.. _blocks];

    public T5RmsNorm Norm => _norm;

    public Tensor Normalize(Tensor x) => _norm.forward(x);

    // x (batch, length, d_model), bias (1 or batch, heads, length, length); states and their mask for a decoder.
    public Tensor forward(Tensor x, Tensor bias, Tensor? states, Tensor? statesMask)
    {
        using IDisposable scope = NewDisposeScope();
        bias = bias.to(ComputeType);
        statesMask = statesMask?.to(ComputeType);
        states = states?.to(ComputeType);
        foreach (T5Block block in _blocks)
        {
            using IDisposable blockScope = NewDisposeScope();
            x = block.SelfAttend(x, bias);
            if (states is not null) x = block.CrossAttend(x, states, statesMask!);
            x = block.FeedForward(x).MoveToOuterDisposeScope();
        }

        return _norm.forward(x).MoveToOuterDisposeScope();
    }

    /// <summary>The learned bias of each query place towards each key place, (1, heads, queries, keys).</summary>
    public Tensor RelativeBias(long queries, long keys)
    {
        using IDisposable scope = NewDisposeScope();
        Embedding table = _blocks[0].SelfAttention.RelativeAttentionBias!;
        long[] buckets = new long[queries * keys];
        for (int q = 0; q < queries; q++)
        {
            for (int k = 0; k < keys; k++) buckets[q * keys + k] = Bucket(k - q);
        }

        // (queries * keys, heads) -> (1, heads, queries, keys)
        return table.forward(tensor(buckets, device: table.weight!.device)).view(queries, keys, -1).permute(2, 0, 1).unsqueeze(0).contiguous()
            .MoveToOuterDisposeScope();
    }

    // Half of the buckets are exact distances, the other half grow by powers up to the maximal distance. The encoder
    // looks both ways and gives each direction half of the buckets. Floats as in the reference, so that edges fall alike.
    private long Bucket(int distance)
    {
        int buckets = _config.RelativeAttentionNumBuckets;
        long offset = 0;
        int n = -distance;
        if (!_isDecoder)
        {
            buckets /= 2;
            if (distance > 0) offset = buckets;
            n = Math.Abs(distance);
        }

        n = Math.Max(n, 0);
        int exact = buckets / 2;
        if (n < exact) return offset + n;
        float power = MathF.Log(n / (float)exact) / (float)Math.Log(_config.RelativeAttentionMaxDistance / (double)exact);
        return offset + Math.Min(exact + (int)(power * (buckets - exact)), buckets - 1);
    }
}

/// <summary>Self-attention, in a decoder cross-attention, and feed-forward: each after a norm and beside a residual.</summary>
internal sealed class T5Block : Module
{
    [ComponentName(Name = "layer")]
    private readonly ModuleList<T5Layer> _layers;

    private readonly Dropout _dropout;

    public T5Block(T5Config config, bool isDecoder, bool hasBias)
        : base(nameof(T5Block))
    {
        T5Layer self = new(config, self: new T5Attention(config, hasBias));
        T5Layer feedForward = new(config, feedForward: new T5FeedForward(config));
        _layers = isDecoder
            ? ModuleList(self, new T5Layer(config, cross: new T5Attention(config, hasBias: false)), feedForward)
            : ModuleList(self, feedForward);
        _dropout = Dropout(config.DropoutRate);
        RegisterComponents();
    }

    public bool IsDecoder => _layers.Count == 3;

    public T5Attention SelfAttention => _layers[0].SelfAttention!;

    public T5Attention CrossAttention => _layers[1].CrossAttention!;

    public T5RmsNorm SelfNorm => _layers[0].Norm;

    public T5RmsNorm CrossNorm => _layers[1].Norm;

    public T5RmsNorm FeedForwardNorm => _layers[^1].Norm;

    public T5FeedForward FeedForwardLayer => _layers[^1].FeedForward!;

    public Tensor SelfAttend(Tensor x, Tensor bias)
    {
        Tensor y = SelfNorm.forward(x).to(SelfAttention.ComputeType);
        return x.Plus(_dropout.forward(SelfAttention.forward(y, SelfAttention.Keys(y), SelfAttention.Values(y), bias)));
    }

    public Tensor CrossAttend(Tensor x, Tensor states, Tensor mask)
    {
        Tensor y = CrossNorm.forward(x);
        return x.Plus(_dropout.forward(CrossAttention.forward(y, CrossAttention.Keys(states), CrossAttention.Values(states), mask)));
    }

    public Tensor FeedForward(Tensor x)
        => x.Plus(_dropout.forward(FeedForwardLayer.forward(FeedForwardNorm.forward(x))));
}

/// <summary>A norm and one of the three kinds of layers; this shape exists for the checkpoints' names.</summary>
internal sealed class T5Layer : Module
{
    [ComponentName(Name = "layer_norm")]
    public readonly T5RmsNorm Norm;

    [ComponentName(Name = "SelfAttention")]
    public readonly T5Attention? SelfAttention;

    [ComponentName(Name = "EncDecAttention")]
    public readonly T5Attention? CrossAttention;

    [ComponentName(Name = "DenseReluDense")]
    public readonly T5FeedForward? FeedForward;

    public T5Layer(T5Config config, T5Attention? self = null, T5Attention? cross = null, T5FeedForward? feedForward = null)
        : base(nameof(T5Layer))
    {
        Norm = new T5RmsNorm(config);
        (SelfAttention, CrossAttention, FeedForward) = (self, cross, feedForward);
        RegisterComponents();
    }
}

/// <summary>Multi-head attention without scaling and without biases on its projections.</summary>
internal sealed class T5Attention : Module
{
    [ComponentName(Name = "q")]
    private readonly Linear _q;

    [ComponentName(Name = "k")]
    private readonly Linear _k;

    [ComponentName(Name = "v")]
    private readonly Linear _v;

    [ComponentName(Name = "o")]
    private readonly Linear _o;

    [ComponentName(Name = "relative_attention_bias")]
    public readonly Embedding? RelativeAttentionBias;

    private readonly T5Config _config;
    private readonly Dropout _dropout;

    public T5Attention(T5Config config, bool hasBias)
        : base(nameof(T5Attention))
    {
        _config = config;
        int width = config.NumHeads * config.DKv;
        _q = Linear(config.DModel, width, hasBias: false);
        _k = Linear(config.DModel, width, hasBias: false);
        _v = Linear(config.DModel, width, hasBias: false);
        _o = Linear(width, config.DModel, hasBias: false);
        if (hasBias) RelativeAttentionBias = Embedding(config.RelativeAttentionNumBuckets, config.NumHeads);
        _dropout = Dropout(config.DropoutRate);
        RegisterComponents();
    }

    public ScalarType ComputeType => _q.weight!.dtype;

    public (Tensor Q, Tensor K, Tensor V, Tensor O) Weights => (_q.weight!, _k.weight!, _v.weight!, _o.weight!);

    public Tensor Keys(Tensor states) => Heads(_k.forward(states));

    public Tensor Values(Tensor states) => Heads(_v.forward(states));

    // x (batch, length, d_model); keys and values (batch, heads, keys, d_kv); bias broadcasts to (batch, heads, length, keys).
    public Tensor forward(Tensor x, Tensor keys, Tensor values, Tensor bias)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor queries = Heads(_q.forward(x.to(ComputeType))).contiguous();
        Tensor scores = queries.matmul(keys.contiguous().transpose(-1, -2)).Plus(bias);
        Tensor weights = _dropout.forward(scores.softmax(-1));

        // (batch, heads, length, d_kv) -> (batch, length, heads * d_kv)
        Tensor mixed = weights.matmul(values.contiguous()).transpose(1, 2).reshape(x.shape[0], x.shape[1], -1);
        return _o.forward(mixed).MoveToOuterDisposeScope();
    }

    // (batch, length, heads * d_kv) -> (batch, heads, length, d_kv)
    private Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], _config.NumHeads, _config.DKv).transpose(1, 2);
}

/// <summary>relu(x wi) wo, or gelu(x wi_0) * (x wi_1) wo.</summary>
internal sealed class T5FeedForward : Module
{
    [ComponentName(Name = "wi")]
    private readonly Linear? _wi;

    [ComponentName(Name = "wi_0")]
    private readonly Linear? _gate;

    [ComponentName(Name = "wi_1")]
    private readonly Linear? _gated;

    [ComponentName(Name = "wo")]
    private readonly Linear _wo;

    private readonly Dropout _dropout;

    public T5FeedForward(T5Config config)
        : base(nameof(T5FeedForward))
    {
        Linear Inner() => Linear(config.DModel, config.DFf, hasBias: false);
        if (config.FeedForwardProj == "relu") _wi = Inner();
        else (_gate, _gated) = (Inner(), Inner());
        _wo = Linear(config.DFf, config.DModel, hasBias: false);
        _dropout = Dropout(config.DropoutRate);
        RegisterComponents();
    }

    public Tensor OutputWeight => _wo.weight!;

    public Tensor[] InnerWeights => _wi is not null ? [_wi.weight!] : [_gate!.weight!, _gated!.weight!];

    public Tensor forward(Tensor x)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor read = x.to(_wo.weight!.dtype);
        Tensor wide = Activate([.. InnerWeights.Select(weight => functional.linear(read, weight))]);
        return _wo.forward(_dropout.forward(wide)).MoveToOuterDisposeScope();
    }

    /// <summary>Makes the wide half's activations of its linear layers' outputs, (…, d_ff) each, which are used up.</summary>
    public Tensor Activate(Tensor[] outputs) => _wi is not null ? outputs[0].relu_() : GeluNew(outputs[0]) * outputs[1];

    // The tanh form: "gelu_new" in the checkpoints' words.
    private static Tensor GeluNew(Tensor x) => x.Times(0.5) * x.Plus(x.Cube().Times(0.044715)).Times(Math.Sqrt(2 / Math.PI)).tanh().Plus(1);
}

/// <summary>Divides by the root mean square and scales: a layer norm without mean and bias (Zhang and Sennrich 2019).</summary>
internal sealed class T5RmsNorm : Module
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    private readonly double _epsilon;

    public T5RmsNorm(T5Config config)
        : base(nameof(T5RmsNorm))
    {
        _epsilon = config.LayerNormEpsilon;
        _weight = Parameter(ones(config.DModel));
        RegisterComponents();
    }

    public Tensor Weight => _weight;

    public Tensor forward(Tensor x)
    {
        using IDisposable scope = NewDisposeScope();
        return (x * (x * x).mean([-1], keepdim: true).Plus(_epsilon).rsqrt() * _weight).MoveToOuterDisposeScope();
    }
}
