namespace GenQ.Onnx;

/// <summary>A value of a graph: an input, a constant, weights, or what a node gives. Each operator and each method adds one ONNX operator of its name.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Name">Its name there.</param>
/// <remarks>Source: <c>docs/Operators.md</c> of the ONNX project. Shapes are spread out as NumPy does.</remarks>
internal sealed record OnnxValue(OnnxGraph Graph, string Name)
{
    public static OnnxValue operator +(OnnxValue a, OnnxValue b) => a.Graph.Node("Add", [a, b]);

    public static OnnxValue operator -(OnnxValue a, OnnxValue b) => a.Graph.Node("Sub", [a, b]);

    public static OnnxValue operator *(OnnxValue a, OnnxValue b) => a.Graph.Node("Mul", [a, b]);

    public static OnnxValue operator /(OnnxValue a, OnnxValue b) => a.Graph.Node("Div", [a, b]);

    public static OnnxValue operator +(OnnxValue a, long b) => a + a.Graph.Constant(b);

    public static OnnxValue operator -(OnnxValue a, float b) => a - a.Graph.Constant(b);

    public static OnnxValue operator *(OnnxValue a, float b) => a * a.Graph.Constant(b);

    /// <summary>(…, n, k) times (…, k, m): (…, n, m).</summary>
    public OnnxValue MatMul(OnnxValue b) => Graph.Node("MatMul", [this, b]);

    /// <summary>(n, k) times (k, m) in 8-bit whole numbers, with sums of 32 bits.</summary>
    /// <param name="b">The other matrix.</param>
    /// <param name="zero">What stands for 0 in this one.</param>
    public OnnxValue MatMulInteger(OnnxValue b, OnnxValue zero) => Graph.Node("MatMulInteger", [this, b, zero]);

    /// <summary>Whole numbers of the type of <paramref name="zeros"/>: divided, rounded to even, and counted from what stands for 0.</summary>
    /// <param name="scales">A scale for each place of the axis.</param>
    /// <param name="zeros">What stands for 0, for each place of the axis.</param>
    /// <param name="axis">The axis.</param>
    public OnnxValue QuantizeLinear(OnnxValue scales, OnnxValue zeros, long axis) => Graph.Node("QuantizeLinear", [this, scales, zeros], ("axis", axis));

    /// <summary>x times the share of a normal distribution below x (Hendrycks and Gimpel 2016), with the exact error function.</summary>
    public OnnxValue Gelu() => Graph.Node("Gelu", [this]);

    /// <summary>Powers of e, divided by their sum along the last axis.</summary>
    public OnnxValue Softmax() => Graph.Node("Softmax", [this], ("axis", -1L));

    /// <summary>Rows of mean 0 and variance 1, scaled and shifted (Ba et al. 2016).</summary>
    public OnnxValue LayerNormalization(OnnxValue scale, OnnxValue shift, float epsilon)
        => Graph.Node("LayerNormalization", [this, scale, shift], ("axis", -1L), ("epsilon", epsilon));

    /// <summary>The entries at some places of an axis.</summary>
    public OnnxValue Gather(OnnxValue places, long axis = 0) => Graph.Node("Gather", [this, places], ("axis", axis));

    /// <summary>The first entries of the first axis.</summary>
    public OnnxValue First(OnnxValue count) => Graph.Node("Slice", [this, Graph.Constants(0), count, Graph.Constants(0)]);

    public OnnxValue Reshape(OnnxValue shape) => Graph.Node("Reshape", [this, shape]);

    public OnnxValue Transpose(params long[] order) => Graph.Node("Transpose", [this], ("perm", order));

    public OnnxValue Unsqueeze(params long[] axes) => Graph.Node("Unsqueeze", [this, Graph.Constants(axes)]);

    public OnnxValue Cast(OnnxType type) => Graph.Node("Cast", [this], ("to", (long)type));

    public OnnxValue Shape() => Graph.Node("Shape", [this]);

    /// <summary>Some of the shape's lengths, as a list.</summary>
    public OnnxValue Shape(long first, long end) => Graph.Node("Shape", [this], ("start", first), ("end", end));

    public OnnxValue Concat(params OnnxValue[] others) => Graph.Node("Concat", [this, .. others], ("axis", 0L));

    public OnnxValue Expand(OnnxValue shape) => Graph.Node("Expand", [this, shape]);

    public OnnxValue Equal(OnnxValue other) => Graph.Node("Equal", [this, other]);

    public OnnxValue Not() => Graph.Node("Not", [this]);

    /// <summary>This where true, another value elsewhere.</summary>
    public OnnxValue Where(OnnxValue condition, OnnxValue other) => Graph.Node("Where", [condition, this, other]);

    /// <summary>Each entry plus those before it on an axis.</summary>
    public OnnxValue CumSum(long axis) => Graph.Node("CumSum", [this, Graph.Constant(axis)]);

    public OnnxValue Max(OnnxValue other) => Graph.Node("Max", [this, other]);

    public OnnxValue Abs() => Graph.Node("Abs", [this]);

    /// <summary>The sum along an axis, which is gone then.</summary>
    public OnnxValue ReduceSum(long axis) => Graph.Node("ReduceSum", [this, Graph.Constants(axis)], ("keepdims", 0L));

    /// <summary>The greatest along an axis, which is gone then.</summary>
    public OnnxValue ReduceMax(long axis) => Graph.Node("ReduceMax", [this, Graph.Constants(axis)], ("keepdims", 0L));

    /// <summary>The root of the sum of squares along an axis, which stays with length 1.</summary>
    public OnnxValue ReduceL2(long axis) => Graph.Node("ReduceL2", [this, Graph.Constants(axis)], ("keepdims", 1L));
}
