namespace GenQ.Onnx;

/// <summary>The types of numbers in an ONNX graph, with the values of <c>TensorProto.DataType</c>.</summary>
internal enum OnnxType
{
    /// <summary>Floating point of 32 bits.</summary>
    Float = 1,

    /// <summary>Whole numbers of 8 bits without a sign.</summary>
    UInt8 = 2,

    /// <summary>Whole numbers of 8 bits.</summary>
    Int8 = 3,

    /// <summary>Whole numbers of 64 bits.</summary>
    Int64 = 7,

    /// <summary>True or false.</summary>
    Bool = 9,
}
