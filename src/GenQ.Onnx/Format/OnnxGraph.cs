using System.Globalization;
using System.Runtime.InteropServices;
using GenQ.Data;

namespace GenQ.Onnx;

/// <summary>
/// Puts an ONNX graph together and writes it: the graph to one file, the weights to another beside it, since a protocol buffers file ends at
/// 2 GB. Operands are <see cref="OnnxValue"/>s, whose operators and methods add nodes.
/// </summary>
/// <remarks>Source: <c>onnx/onnx.proto</c> of the ONNX project, whose field numbers stand here, and its <c>docs/ExternalData.md</c>.</remarks>
internal sealed class OnnxGraph
{
    /// <summary>The version of the set of operators: the first with a Gelu. ONNX Runtime knows it since 1.17.</summary>
    public const int Opset = 20;

    // The version of the file format that came with the operators.
    private const int IrVersion = 9;

    // Weights begin at pages, so that a runtime can map them into memory.
    private const int PageBytes = 4096;

    private readonly ProtobufMessage _graph = new ProtobufMessage().Add(2, "encoder");
    private readonly List<Weight> _weights = [];
    private int _values;

    /// <summary>Adds an input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type of its numbers.</param>
    /// <param name="dimensions">The names of its dimensions, whose lengths are known when the graph is run.</param>
    public OnnxValue Input(string name, OnnxType type, params string[] dimensions)
    {
        _graph.Add(11, Described(name, type, dimensions.Select(dimension => new ProtobufMessage().Add(2, dimension))));
        return new OnnxValue(this, name);
    }

    /// <summary>Gives a value of floating-point numbers to whoever runs the graph.</summary>
    /// <param name="name">The name of the output.</param>
    /// <param name="value">The value: (batch, <paramref name="width"/>).</param>
    /// <param name="batch">The name of the first dimension.</param>
    /// <param name="width">The length of the second.</param>
    public void Output(string name, OnnxValue value, string batch, long width)
    {
        AddNode("Identity", [value], [], [name]);
        _graph.Add(12, Described(name, OnnxType.Float, [new ProtobufMessage().Add(2, batch), new ProtobufMessage().Add(1, width)]));
    }

    /// <summary>Adds a node with one result.</summary>
    /// <param name="operation">The operator, as ONNX names it.</param>
    /// <param name="operands">Its inputs in their order.</param>
    /// <param name="attributes">Its attributes: whole numbers, lists of them, or floating-point numbers.</param>
    public OnnxValue Node(string operation, OnnxValue[] operands, params (string Name, object Value)[] attributes)
    {
        string name = FreshName(operation);
        AddNode(operation, operands, attributes, [name]);
        return new OnnxValue(this, name);
    }

    /// <summary>Adds a node that cuts a value into equal parts along its last axis.</summary>
    public OnnxValue[] Split(OnnxValue value, int parts)
    {
        string[] names = [.. Enumerable.Range(0, parts).Select(_ => FreshName("Split"))];
        AddNode("Split", [value], [("axis", -1L), ("num_outputs", (long)parts)], names);
        return [.. names.Select(name => new OnnxValue(this, name))];
    }

    /// <summary>A single floating-point number.</summary>
    public OnnxValue Constant(float value) => Constant(OnnxType.Float, [], [value]);

    /// <summary>A single number of 64 bits.</summary>
    public OnnxValue Constant(long value) => Constant(OnnxType.Int64, [], [value]);

    /// <summary>A list of numbers of 64 bits, such as a shape or axes.</summary>
    public OnnxValue Constants(params long[] values) => Constant(OnnxType.Int64, [values.Length], values);

    /// <summary>A single number of a type, or a list of them, as it stands in the graph's own file.</summary>
    public OnnxValue Constant<T>(OnnxType type, long[] shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        string name = FreshName("Constant");
        _graph.Add(5, Tensor(name, type, shape).Add(9, MemoryMarshal.AsBytes(values)));
        return new OnnxValue(this, name);
    }

    /// <summary>Adds numbers that lie in the weights' file. They are asked for when the graph is written.</summary>
    public OnnxValue Weights<T>(string name, OnnxType type, long[] shape, Func<T[]> numbers)
        where T : unmanaged
    {
        _weights.Add(new Weight(name, type, shape, stream => stream.Write(MemoryMarshal.AsBytes(numbers().AsSpan()))));
        return new OnnxValue(this, name);
    }

    /// <summary>Writes the weights and then the graph, each to a file that appears when it is whole.</summary>
    /// <param name="file">Receives the graph.</param>
    /// <param name="weightsFile">Receives the weights, beside it.</param>
    /// <param name="metadata">Free text by name.</param>
    /// <exception cref="GenQException">A file cannot be written.</exception>
    public void Write(string file, string weightsFile, IEnumerable<(string Name, string Value)> metadata)
    {
        AtomicFile.Write(weightsFile, stream =>
        {
            foreach (Weight weight in _weights)
            {
                stream.Position = (stream.Position + PageBytes - 1) / PageBytes * PageBytes;
                long start = stream.Position;
                weight.WriteTo(stream);
                ProtobufMessage tensor = Tensor(weight.Name, weight.Type, weight.Shape).Add(14, 1);
                tensor.Add(13, Entry("location", Path.GetFileName(weightsFile)));
                tensor.Add(13, Entry("offset", start.ToString(CultureInfo.InvariantCulture)));
                tensor.Add(13, Entry("length", (stream.Position - start).ToString(CultureInfo.InvariantCulture)));
                _graph.Add(5, tensor);
            }
        });
        ProtobufMessage model = new ProtobufMessage().Add(1, IrVersion).Add(2, "GenQ").Add(7, _graph);
        model.Add(8, new ProtobufMessage().Add(1, "").Add(2, Opset));
        foreach ((string name, string value) in metadata) model.Add(14, Entry(name, value));
        AtomicFile.Write(file, model.WriteTo);
    }

    private void AddNode(string operation, OnnxValue[] operands, (string Name, object Value)[] attributes, string[] results)
    {
        ProtobufMessage node = new ProtobufMessage().Add(3, results[0]).Add(4, operation);
        foreach (OnnxValue operand in operands) node.Add(1, operand.Name);
        foreach (string result in results) node.Add(2, result);
        foreach ((string name, object value) in attributes) node.Add(5, Attribute(name, value));
        _graph.Add(1, node);
    }

    private static ProtobufMessage Attribute(string name, object value)
    {
        const int type = 20;
        ProtobufMessage attribute = new ProtobufMessage().Add(1, name);
        switch (value)
        {
            case float number: return attribute.Add(2, number).Add(type, 1);
            case long number: return attribute.Add(3, number).Add(type, 2);
            case long[] numbers:
                foreach (long number in numbers) attribute.Add(8, number);
                return attribute.Add(type, 7);
            default: throw new ArgumentException($"'{name}' is {value.GetType().Name}, which no attribute here is.", nameof(value));
        }
    }

    private static ProtobufMessage Tensor(string name, OnnxType type, long[] shape)
    {
        ProtobufMessage tensor = new ProtobufMessage().Add(8, name).Add(2, (long)type);
        foreach (long length in shape) tensor.Add(1, length);
        return tensor;
    }

    private static ProtobufMessage Described(string name, OnnxType type, IEnumerable<ProtobufMessage> dimensions)
    {
        ProtobufMessage shape = new();
        foreach (ProtobufMessage dimension in dimensions) shape.Add(1, dimension);
        ProtobufMessage tensor = new ProtobufMessage().Add(1, (long)type).Add(2, shape);
        return new ProtobufMessage().Add(1, name).Add(2, new ProtobufMessage().Add(1, tensor));
    }

    private static ProtobufMessage Entry(string name, string value) => new ProtobufMessage().Add(1, name).Add(2, value);

    private string FreshName(string operation) => $"{operation}_{_values++}";

    private sealed record Weight(string Name, OnnxType Type, long[] Shape, Action<Stream> WriteTo);
}
