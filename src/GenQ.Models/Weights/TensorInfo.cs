using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>What a weight file says about one of its tensors.</summary>
/// <param name="Name">The name in the file, for example <c>encoder.layer.0.output.dense.weight</c>.</param>
/// <param name="Type">The type of the stored numbers.</param>
/// <param name="Shape">The lengths of the dimensions; empty for a single number.</param>
public sealed record TensorInfo(string Name, ScalarType Type, IReadOnlyList<long> Shape);
