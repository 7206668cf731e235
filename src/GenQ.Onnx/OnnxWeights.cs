namespace GenQ.Onnx;

/// <summary>How an exported encoder holds the weights of its layers and its table of tokens.</summary>
internal enum OnnxWeights
{
    /// <summary>As floating-point numbers of 32 bits.</summary>
    Fp32,

    /// <summary>
    /// As 8-bit whole numbers, each column of a weight and each row of the table with a scale of its own. What a weight is multiplied with is
    /// rounded likewise, each token by itself: a quarter of the size, faster, a little less exact.
    /// </summary>
    Int8,
}
