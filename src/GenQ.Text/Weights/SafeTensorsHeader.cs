namespace GenQ.Text;

/// <summary>What stands at the head of a safetensors file.</summary>
/// <param name="Metadata">Free text by name; <c>format</c> is usually <c>pt</c>.</param>
/// <param name="Tensors">The tensors in the order of their data.</param>
public sealed record SafeTensorsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<TensorInfo> Tensors);
