namespace GenQ.Onnx;

/// <summary>How weights are held in a graph, and what is computed with them.</summary>
internal abstract class WeightFormat
{
    /// <summary>The format of a kind of export.</summary>
    public static WeightFormat Of(OnnxWeights kind) => kind == OnnxWeights.Int8 ? new Int8() : new Fp32();

    /// <summary>The rows of a table that ids name: (…) to (…, width).</summary>
    /// <param name="graph">Receives table and nodes.</param>
    /// <param name="name">What the table is called there.</param>
    /// <param name="table">Gives (rows, width).</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="ids">The places of the rows.</param>
    public abstract OnnxValue Rows(OnnxGraph graph, string name, Func<float[]> table, int rows, int width, OnnxValue ids);

    /// <summary>x · weightᵀ: (rows, inputs) to (rows, outputs).</summary>
    /// <param name="graph">Receives weight and nodes.</param>
    /// <param name="name">What the weight is called there.</param>
    /// <param name="weight">Gives (outputs, inputs), as checkpoints hold it.</param>
    /// <param name="inputs">Its columns.</param>
    /// <param name="outputs">Its rows.</param>
    /// <param name="x">(rows, inputs).</param>
    public abstract OnnxValue MatMul(OnnxGraph graph, string name, Func<float[]> weight, int inputs, int outputs, OnnxValue x);

    // (rows, columns) to (columns, rows).
    private static T[] Transposed<T>(T[] matrix, int rows)
    {
        int columns = matrix.Length / rows;
        T[] transposed = new T[matrix.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++) transposed[column * rows + row] = matrix[row * columns + column];
        }

        return transposed;
    }

    /// <summary>Numbers as they are.</summary>
    private sealed class Fp32 : WeightFormat
    {
        /// <inheritdoc/>
        public override OnnxValue Rows(OnnxGraph graph, string name, Func<float[]> table, int rows, int width, OnnxValue ids)
            => graph.Weights(name, OnnxType.Float, [rows, width], table).Gather(ids);

        /// <inheritdoc/>
        public override OnnxValue MatMul(OnnxGraph graph, string name, Func<float[]> weight, int inputs, int outputs, OnnxValue x)
            => x.MatMul(graph.Weights(name, OnnxType.Float, [inputs, outputs], () => Transposed(weight(), outputs)));
    }

    /// <summary>
    /// 8-bit whole numbers: a scale for each row of a table, for each column of a weight, and for each row of what a weight is multiplied with,
    /// as in Dettmers et al. 2022, "LLM.int8(): 8-bit Matrix Multiplication for Transformers at Scale", section 3.1, and as GenQ.Models does.
    /// </summary>
    private sealed class Int8 : WeightFormat
    {
        // What is multiplied with a weight has no sign, so that 0 stands in the middle: the one form that ONNX Runtime multiplies fast on x64.
        private const byte Middle = 128;

        // A row of zeros is divided by this.
        private const float SmallestScale = 1e-30f;

        /// <inheritdoc/>
        public override OnnxValue Rows(OnnxGraph graph, string name, Func<float[]> table, int rows, int width, OnnxValue ids)
        {
            Lazy<Int8Rows> rounded = new(() => Int8Rows.Of(table(), width));
            OnnxValue numbers = graph.Weights(name, OnnxType.Int8, [rows, width], () => rounded.Value.Numbers);
            OnnxValue scales = graph.Weights(name + ".scales", OnnxType.Float, [rows, 1], () => rounded.Value.Scales);
            return numbers.Gather(ids).Cast(OnnxType.Float) * scales.Gather(ids);
        }

        /// <inheritdoc/>
        public override OnnxValue MatMul(OnnxGraph graph, string name, Func<float[]> weight, int inputs, int outputs, OnnxValue x)
        {
            Lazy<Int8Rows> rounded = new(() => Int8Rows.Of(weight(), inputs));
            OnnxValue columns = graph.Weights(name, OnnxType.Int8, [inputs, outputs], () => Transposed(rounded.Value.Numbers, outputs));
            OnnxValue columnScales = graph.Weights(name + ".scales", OnnxType.Float, [outputs], () => rounded.Value.Scales);
            OnnxValue middle = graph.Constant<byte>(OnnxType.UInt8, [], [Middle]);

            // (rows)
            OnnxValue rowScales = (x.Abs().ReduceMax(1) * (1f / Int8Rows.Largest)).Max(graph.Constant(SmallestScale));
            OnnxValue wholeRows = x.QuantizeLinear(rowScales, middle.Expand(rowScales.Shape()), axis: 0);
            return wholeRows.MatMulInteger(columns, middle).Cast(OnnxType.Float) * rowScales.Unsqueeze(1) * columnScales;
        }
    }
}
