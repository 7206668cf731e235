using GenQ.Compute;
using GenQ.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>
/// A transformer that turns each token of a text into a vector that knows its neighbours. What all families share is here: loading, packing, the
/// way through the layers, plain or fused. A family adds its configuration, embeddings, names, and the arithmetic of a layer.
/// </summary>
/// <remarks>
/// The residual stream, embeddings, norms and the bias of the scores are fp32; matrix multiplications run in the precision of the
/// linear layers' weights, so that one code path serves fp32 and bf16.
/// </remarks>
internal abstract class EncoderNetwork : nn.Module
{
    private FusedLayers? _fused;

    /// <summary>Names the network.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="shape">The sizes of its layers.</param>
    /// <exception cref="Data.GenQException">The layers are not built for such sizes.</exception>
    protected EncoderNetwork(string name, EncoderShape shape)
        : base(name)
    {
        shape.Validate();
        Shape = shape;
    }

    /// <summary>The sizes of its layers.</summary>
    public EncoderShape Shape { get; }

    /// <summary>The width of a token's vector.</summary>
    public int HiddenSize => Shape.HiddenSize;

    /// <summary>The number of layers.</summary>
    public int LayerCount => Shape.Layers;

    /// <summary>The layers, the first one first.</summary>
    public IReadOnlyList<EncoderLayer> Layers => _fused!.Layers;

    /// <summary>The most tokens of a sequence, special ones counted: what the table of positions holds.</summary>
    public abstract int MaxLength { get; }

    /// <summary>The number of ids it has a vector for.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The device that the weights are on.</summary>
    public Device Device => parameters().First().device;

    /// <summary>
    /// Whether the layers run by way of <see cref="FusedLayers"/>, which is so on a CPU, or operation by operation as they are written. The
    /// results are the same; tests compare them.
    /// </summary>
    public bool RunsFused { get; set; } = true;

    // Whether that is wanted and the weights are on a CPU.
    private bool RunsLayersFused => RunsFused && Device.type == DeviceType.CPU;

    /// <summary>Reads sequences.</summary>
    /// <param name="batch">From <see cref="Pack"/>.</param>
    /// <returns>The last layer's states, (rows, hidden), fp32.</returns>
    public Tensor Forward(PackedBatch batch)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor x = Embed(batch);
        if (RunsLayersFused) x = _fused!.Forward(x, batch, FusedBias(batch), training);
        else foreach (Func<Tensor, Tensor> layer in PlainLayers(batch)) x = layer(x);
        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Looks up the tokens' embeddings: what the first layer reads.</summary>
    /// <returns>(rows, hidden), fp32.</returns>
    public abstract Tensor Embed(PackedBatch batch);

    /// <summary>
    /// The layers as functions over a batch, (rows, hidden) to (rows, hidden), fp32, so that one of them can be run, and taught, alone. One
    /// after the other, from what <see cref="Embed"/> gives, they are <see cref="Forward"/>.
    /// </summary>
    public IReadOnlyList<Func<Tensor, Tensor>> LayersOver(PackedBatch batch) => RunsLayersFused ? SingleFusedLayers(batch) : PlainLayers(batch);

    /// <summary>Rounds the linear layers' weights to 8 bits, for passes without gradients by way of <see cref="FusedLayers"/>.</summary>
    public void UseInt8() => _fused!.UseInt8();

    /// <summary>Reads sequences, and keeps what every layer says.</summary>
    /// <returns>The embeddings and each layer's states, each (rows, hidden), fp32.</returns>
    public Tensor[] States(PackedBatch batch)
    {
        List<Tensor> states = [Embed(batch)];
        foreach (Func<Tensor, Tensor> layer in LayersOver(batch)) states.Add(layer(states[^1]));
        return [.. states];
    }

    /// <summary>Packs token sequences for <see cref="Forward"/>; the tensors belong to the current dispose scope.</summary>
    /// <param name="sequences">At least one, each of 1 to <see cref="MaxLength"/> ids.</param>
    public PackedBatch Pack(IReadOnlyList<int[]> sequences) => PackedBatch.Create(sequences, NumberPositions, Device);

    /// <summary>Builds the network that a folder's config.json describes and loads its weights, fp32, in evaluation mode.</summary>
    /// <exception cref="Data.GenQException">A file is missing, does not fit, or is of an architecture that is not built.</exception>
    public static EncoderNetwork Load(string folder)
    {
        IEncoderConfig config = EncoderFamilies.Read(Path.Combine(folder, "config.json"));
        ConfigSchema.RequireWeights(folder, config.Tensors);
        EncoderNetwork network = config.Build();
        Checkpoint.Load(network, folder);
        network.eval();
        return network;
    }

    /// <summary>Whether a parameter is one of a norm, by its name.</summary>
    public static bool IsNorm(string parameter)
        => parameter.Contains("LayerNorm", StringComparison.Ordinal) || parameter.Contains("layer_norm", StringComparison.Ordinal);

    /// <summary>Makes the layers. A family calls it behind its embeddings, in whose order random weights are drawn.</summary>
    /// <param name="path">The path of the list of layers in checkpoints.</param>
    /// <param name="names">The names in a layer.</param>
    protected void AddLayers(string path, EncoderLayerNames names) => _fused = new FusedLayers(
        [.. Enumerable.Range(0, Shape.Layers).Select(i => this.Place($"{path}.{i}", new EncoderLayer(Shape, names)))], Shape);

    /// <summary>One layer as the family's reference writes it: (rows, hidden) to (rows, hidden), fp32.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="x">(rows, hidden), fp32.</param>
    /// <param name="batch">Which rows are which sequence's.</param>
    /// <param name="biases">For <see cref="EncoderLayer.Attend"/>.</param>
    protected abstract Tensor ForwardLayer(EncoderLayer layer, Tensor x, PackedBatch batch, IReadOnlyList<Tensor?> biases);

    /// <summary>Fills the position of each of a sequence's tokens.</summary>
    protected abstract void NumberPositions(ReadOnlySpan<int> ids, Span<long> positions);

    /// <summary>What is added to the attention scores of all layers, (heads, length, length), fp32, or null.</summary>
    /// <param name="length">Of the longest sequence: a shorter one's is the upper left corner.</param>
    protected virtual Tensor? ScoreBias(int length) => null;

    /// <summary>
    /// Numbers positions behind the padding's id, as fairseq's models do. A text can spell "&lt;pad&gt;": such a token has the padding's position and is
    /// not counted, as in the reference.
    /// </summary>
    protected static void NumberBehindPadding(int pad, ReadOnlySpan<int> ids, Span<long> positions)
    {
        int count = 0;
        for (int i = 0; i < ids.Length; i++) positions[i] = ids[i] == pad ? pad : pad + ++count;
    }

    // All parts have the checkpoint's names already; the library would register the fields under theirs.
    /// <inheritdoc/>
    protected override void RegisterComponents()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _fused?.Dispose();
        base.Dispose(disposing);
    }

    private Func<Tensor, Tensor>[] PlainLayers(PackedBatch batch)
    {
        Tensor?[] biases = Biases(batch, Layers[0].ComputeType);
        return [.. Layers.Select(layer => (Func<Tensor, Tensor>)(x => ForwardLayer(layer, x, batch, biases)))];
    }

    private Func<Tensor, Tensor>[] SingleFusedLayers(PackedBatch batch)
    {
        Tensor? bias = FusedBias(batch);
        return [.. _fused!.OneByOne().Select(layer => (Func<Tensor, Tensor>)(x => layer.Forward(x, batch, bias, training)))];
    }

    // For the kernels, (heads, n, n), n the longest sequence rounded up.
    private Tensor? FusedBias(PackedBatch batch) => ScoreBias(AttentionLayout.RoundUp(batch.Groups.Max(group => group.Length)))?.contiguous();

    // What is added to the scores of each group, (1 or count, 1 or heads, 1 or length, length): the bias, and minus infinity where a key is padding.
    private Tensor?[] Biases(PackedBatch batch, ScalarType type)
    {
        Tensor? all = ScoreBias(batch.Groups.Max(group => group.Length))?.unsqueeze(0).to(type);
        return [.. batch.Groups.Select(group =>
        {
            Tensor? mask = group.KeyMask(type);
            if (all is null) return mask;
            Tensor bias = all.narrow(2, 0, group.Length).narrow(3, 0, group.Length).contiguous();
            return mask is null ? bias : bias.Plus(mask);
        })];
    }
}
