using GenQ.Onnx;
using GenQ.Text;
using Microsoft.ML.OnnxRuntime;

namespace GenQ.Tests.Onnx;

public sealed class OnnxGraphTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_graph_computes_what_its_operators_say()
    {
        float[] result = Run([1, 2, 3, 4, 5, 6], 2, 3, 2, (graph, x) =>
        {
            OnnxValue weight = graph.Weights("weight", OnnxType.Float, [3, 2], () => new float[] { 1, 0, 0, 1, 1, 1 });
            return x.Cast(OnnxType.Float).MatMul(weight) * 10f - 1f;
        });

        // (1 2 3 / 4 5 6) · (1 0 / 0 1 / 1 1) = (4 5 / 10 11)
        Assert.Equal([39, 49, 99, 109], result);
    }

    [Fact]
    public void Weights_lie_beside_the_graph_and_begin_at_pages()
    {
        Run([1, 2], 1, 2, 2, (graph, x) => x.Cast(OnnxType.Float)
            + graph.Weights("first", OnnxType.Float, [2], () => new float[] { 0.5f, 1.5f })
            + graph.Weights("second", OnnxType.Float, [2], () => new float[] { 2.5f, 3.5f }));
        byte[] weights = File.ReadAllBytes(_folder["model.onnx.data"]);
        Assert.Equal(4096 + 8, weights.Length);
        Assert.Equal((0.5f, 2.5f), (BitConverter.ToSingle(weights, 0), BitConverter.ToSingle(weights, 4096)));
        Assert.InRange(new FileInfo(_folder["model.onnx"]).Length, 1, 1000);
    }

    [Fact]
    public void The_file_states_its_format_its_operators_and_where_it_comes_from()
    {
        Run([1], 1, 1, 1, (graph, x) => x.Cast(OnnxType.Float));
        ProtobufReader model = new(File.ReadAllBytes(_folder["model.onnx"]));
        List<(int Field, ulong Value)> numbers = [];
        ulong opset = 0;
        while (model.Read())
        {
            numbers.Add((model.Field, model.Value));
            if (model.Field != 8) continue;
            ProtobufReader operators = new(model.Bytes);
            while (operators.Read()) opset = operators.Value;
        }

        Assert.Contains((1, 9ul), numbers);
        Assert.Equal(20ul, opset);
        using InferenceSession session = OnnxSession.Open(_folder["model.onnx"]);
        Assert.Equal(("GenQ", "of a test"), (session.ModelMetadata.ProducerName, session.ModelMetadata.CustomMetadataMap["note"]));
    }

    // Without VNNI two such products overflow the 16 bits that the fast way sums them in.
    [Fact]
    public void Products_of_bytes_are_exact_where_their_sums_are_large()
    {
        long[] ones = [.. Enumerable.Repeat(1L, 128)];
        float[] result = Run(ones, 2, 64, 16, (graph, x)
            => WeightFormat.Of(OnnxWeights.Int8).MatMul(graph, "weight", () => [.. Enumerable.Repeat(1f, 64 * 16)], 64, 16, x.Cast(OnnxType.Float)));
        Assert.All(result, sum => Assert.Equal(64, sum, 1e-4f));
    }

    [Theory]
    [InlineData(0, 2, 2)]
    [InlineData(1, 1, -5)]
    [InlineData(2, 3, 9)]
    public void Pooling_takes_the_mean_the_first_or_the_greatest_of_the_real_tokens(int mode, float first, float second)
    {
        // The first text has two tokens, (1 -5) and (3 9), and padding that would change each of the three; the second text is as long as the batch.
        float[] states = [1, -5, 3, 9, 99, -99, 7, 7, 7, 7, 7, 7];
        float[] result = Run([1, 1, 0, 1, 1, 1], 2, 3, 2, (graph, mask)
            => SentenceGraph.Pool(graph.Weights("states", OnnxType.Float, [2, 3, 2], () => states), mask, (PoolingMode)mode));
        Assert.Equal([first, second, 7, 7], result);
    }

    [Fact]
    public void A_unit_vector_has_the_length_1_and_nothing_stays_nothing()
    {
        float[] result = Run([3, 4, 0, 0], 2, 2, 2, (_, x) => SentenceGraph.Unit(x.Cast(OnnxType.Float)));
        Assert.Equal([0.6f, 0.8f, 0, 0], result, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Rows_are_rounded_to_bytes_with_a_scale_each()
    {
        Int8Rows rounded = Int8Rows.Of([127, -64, 1, 0, 0, 0, -0.5f, 0.25f, 0], 3);
        Assert.Equal([127, -64, 1, 0, 0, 0, -127, 64, 0], rounded.Numbers);
        Assert.Equal([1, 0, 0.5f / 127], rounded.Scales);
    }

    // Runs a graph of one input of whole numbers, (rows, columns), and one output, (rows, width).
    private float[] Run(long[] numbers, int rows, int columns, int width, Func<OnnxGraph, OnnxValue, OnnxValue> build)
    {
        OnnxGraph graph = new();
        OnnxValue input = graph.Input("x", OnnxType.Int64, "rows", "columns");
        graph.Output("y", build(graph, input), "rows", width);
        graph.Write(_folder["model.onnx"], _folder["model.onnx.data"], [("note", "of a test")]);
        using InferenceSession session = OnnxSession.Open(_folder["model.onnx"]);
        using OrtValue value = OrtValue.CreateTensorValueFromMemory(numbers, [rows, columns]);
        using RunOptions options = new();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, ["x"], [value], ["y"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
