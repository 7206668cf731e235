using GenQ.Data;
using GenQ.Text;

namespace GenQ.Onnx;

/// <summary>
/// An encoder as an ONNX graph, from token ids to token states. What all families share is here: inputs, weights, attention. A family adds its
/// configuration, its embeddings and the arithmetic of a layer, under its checkpoints' names, and reads as its network in GenQ.Models does.
/// </summary>
/// <remarks>In the layers the tokens of all texts are the rows of one matrix, (batch · length, hidden).</remarks>
internal abstract class EncoderGraph
{
    private readonly OnnxGraph _graph;
    private readonly EncoderSizes _sizes;
    private readonly WeightFormat _format;

    // What the checkpoint must hold, and what it was found to hold.
    private readonly Dictionary<string, long[]> _shapes = [];
    private readonly Dictionary<string, float[]> _numbers = [];

    /// <summary>Begins a graph with its inputs: <c>input_ids</c> and <c>attention_mask</c>, (batch, length), of 64 bits.</summary>
    /// <param name="graph">Receives the nodes.</param>
    /// <param name="sizes">The sizes of the layers.</param>
    /// <param name="kind">How the weights are held.</param>
    /// <exception cref="GenQException">No network is built for such sizes.</exception>
    protected EncoderGraph(OnnxGraph graph, EncoderSizes sizes, OnnxWeights kind)
    {
        sizes.Validate();
        (_graph, _sizes, _format) = (graph, sizes, WeightFormat.Of(kind));
        Ids = graph.Input("input_ids", OnnxType.Int64, "batch", "length");
        Mask = graph.Input("attention_mask", OnnxType.Int64, "batch", "length");
        Length = Ids.Shape(1, 2);
    }

    /// <summary>(batch, length): token ids.</summary>
    public OnnxValue Ids { get; }

    /// <summary>(batch, length): 1 for a token, 0 for padding.</summary>
    public OnnxValue Mask { get; }

    /// <summary>The width of a token's vector.</summary>
    public int HiddenSize => _sizes.Hidden;

    /// <summary>The most tokens of a text, special ones counted: what the table of positions holds.</summary>
    public abstract int MaxLength { get; }

    /// <summary>The number of ids it has a vector for.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The path of the list of layers in checkpoints.</summary>
    protected abstract string LayersPath { get; }

    /// <summary>The length of the longest text of the batch, as a list of one.</summary>
    protected OnnxValue Length { get; }

    /// <summary>Adds the network.</summary>
    /// <returns>The last layer's states, (batch, length, hidden).</returns>
    public OnnxValue States()
    {
        OnnxValue x = Embed().Reshape(_graph.Constants(-1, HiddenSize)), bias = PaddingBias();
        if (ScoreBias() is { } more) bias += more;
        for (int layer = 0; layer < _sizes.Layers; layer++) x = Layer($"{LayersPath}.{layer}.", x, bias);
        return x.Reshape(Ids.Shape().Concat(_graph.Constants(HiddenSize)));
    }

    /// <summary>Reads the weights that the graph asks for; they must be there before it is written.</summary>
    /// <param name="folder">A checkpoint's folder.</param>
    /// <exception cref="GenQException">A file or a tensor is missing, broken, or has another shape or type.</exception>
    public void ReadWeights(string folder) => NetworkWeights.Read(folder, GetType().Name, _shapes, (name, stored) => _numbers[name] = stored.ReadSingles());

    /// <summary>Looks up what the first layer reads: (batch, length, hidden).</summary>
    protected abstract OnnxValue Embed();

    /// <summary>One layer as the family's reference writes it: (rows, hidden) to (rows, hidden).</summary>
    /// <param name="at">What stands in front of the names in the layer.</param>
    /// <param name="x">(rows, hidden).</param>
    /// <param name="bias">For <see cref="Attend"/>.</param>
    protected abstract OnnxValue Layer(string at, OnnxValue x, OnnxValue bias);

    /// <summary>What is added to the attention scores of all layers, (heads, length, length), or null.</summary>
    protected virtual OnnxValue? ScoreBias() => null;

    /// <summary>The rows of a table that ids name: (batch, length) to (batch, length, hidden).</summary>
    protected OnnxValue Rows(string name, int rows, OnnxValue ids) => _format.Rows(_graph, name, Ask(name + ".weight", rows, HiddenSize), rows, HiddenSize, ids);

    /// <summary>A table as it is: (rows, hidden).</summary>
    protected OnnxValue Table(string name, int rows) => Made(name, [rows, HiddenSize], name + ".weight", [rows, HiddenSize], table => table);

    /// <summary>The first row of a table: (1, hidden).</summary>
    protected OnnxValue FirstRow(string name, int rows) => Made(name, [1, HiddenSize], name + ".weight", [rows, HiddenSize], table => table[..HiddenSize]);

    /// <summary>Numbers that are made of a tensor of the checkpoint.</summary>
    /// <param name="name">Their name in the graph.</param>
    /// <param name="shape">Their shape there.</param>
    /// <param name="tensor">The name of the tensor.</param>
    /// <param name="tensorShape">The shape it must have.</param>
    /// <param name="make">Makes them.</param>
    protected OnnxValue Made(string name, long[] shape, string tensor, long[] tensorShape, Func<float[], float[]> make)
    {
        Func<float[]> numbers = Ask(tensor, tensorShape);
        return _graph.Weights(name, OnnxType.Float, shape, () => make(numbers()));
    }

    /// <summary>0, 1, 2 … up to the length of the longest text: (length).</summary>
    protected OnnxValue Places() => _graph.Node("Range", [_graph.Constant(0L), Length.Reshape(_graph.Constants()), _graph.Constant(1L)]);

    /// <summary>
    /// Positions that are numbered behind the padding's id, as fairseq's models do: (batch, length). A text can spell "&lt;pad&gt;": such a token
    /// has the padding's position and is not counted.
    /// </summary>
    protected OnnxValue PositionsBehind(int pad)
    {
        OnnxValue counts = Ids.Equal(_graph.Constant((long)pad)).Not().Cast(OnnxType.Int64) * Mask;
        return counts.CumSum(1) * counts + pad;
    }

    /// <summary>A norm over the last axis.</summary>
    protected OnnxValue Norm(string name, OnnxValue x)
        => x.LayerNormalization(Vector(name + ".weight", HiddenSize), Vector(name + ".bias", HiddenSize), (float)_sizes.Epsilon);

    /// <summary>A linear layer that keeps the width: (rows, hidden) to (rows, hidden).</summary>
    protected OnnxValue Linear(string name, OnnxValue x) => Linear([name], x, HiddenSize, HiddenSize);

    /// <summary>The wide half of the feed-forward part: (rows, hidden) to (rows, inner width).</summary>
    protected OnnxValue Widen(string name, OnnxValue x) => Linear([name], x, HiddenSize, _sizes.Inner);

    /// <summary>Its narrow half: (rows, inner width) to (rows, hidden).</summary>
    protected OnnxValue Narrow(string name, OnnxValue x) => Linear([name], x, _sizes.Inner, HiddenSize);

    /// <summary>Each token asks all tokens of its text, by head: (rows, hidden) to (rows, hidden), without what closes attention.</summary>
    /// <param name="x">(rows, hidden).</param>
    /// <param name="query">Makes the queries.</param>
    /// <param name="key">Makes the keys.</param>
    /// <param name="value">Makes the values.</param>
    /// <param name="bias">What is added to the scores, (batch, 1 or heads, 1 or length, length).</param>
    protected OnnxValue Attend(OnnxValue x, string query, string key, string value, OnnxValue bias)
    {
        // One matmul in place of three. (rows, hidden) -> (batch, length, heads, hidden / heads) -> by head; keys also transposed
        OnnxValue[] parts = _graph.Split(Linear([query, key, value], x, HiddenSize, HiddenSize), 3);
        OnnxValue shape = Ids.Shape().Concat(_graph.Constants(_sizes.Heads, _sizes.HeadWidth));
        OnnxValue q = parts[0].Reshape(shape).Transpose(0, 2, 1, 3) * (float)(1 / Math.Sqrt(_sizes.HeadWidth));
        OnnxValue k = parts[1].Reshape(shape).Transpose(0, 2, 3, 1);
        OnnxValue v = parts[2].Reshape(shape).Transpose(0, 2, 1, 3);

        // (batch, heads, length, length) -> (batch, heads, length, hidden / heads) -> (rows, hidden)
        OnnxValue mixed = (q.MatMul(k) + bias).Softmax().MatMul(v);
        return mixed.Transpose(0, 2, 1, 3).Reshape(_graph.Constants(-1, HiddenSize));
    }

    // 0 for a token, and for padding so little that its share is 0: (batch, 1, 1, length).
    private OnnxValue PaddingBias() => ((Mask.Cast(OnnxType.Float) - 1f) * float.MaxValue).Unsqueeze(1, 2);

    // Linear layers of one input side by side: (rows, inputs) to (rows, layers · outputs).
    private OnnxValue Linear(string[] names, OnnxValue x, int inputs, int outputs)
    {
        Func<float[]>[] weights = [.. names.Select(name => Ask(name + ".weight", outputs, inputs))];
        Func<float[]>[] biases = [.. names.Select(name => Ask(name + ".bias", outputs))];
        string joined = string.Join('+', names);
        int columns = names.Length * outputs;
        OnnxValue product = _format.MatMul(_graph, joined, () => Joined(weights), inputs, columns, x);
        return product + _graph.Weights(joined + ".bias", OnnxType.Float, [columns], () => Joined(biases));
    }

    private OnnxValue Vector(string name, int length) => _graph.Weights(name, OnnxType.Float, [length], Ask(name, length));

    // Notes what the checkpoint must hold; the numbers are there once it has been read.
    private Func<float[]> Ask(string name, params long[] shape)
    {
        _shapes[name] = shape;
        return () => _numbers[name];
    }

    private static float[] Joined(Func<float[]>[] parts) => [.. parts.SelectMany(part => part())];
}
