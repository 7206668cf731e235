using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>A tensor in a weight file that is open: <see cref="Read"/> fetches its numbers, on the CPU, as they are stored.</summary>
internal readonly record struct StoredTensor(TensorInfo Info, Func<Tensor> Read);
