namespace GenQ.Text;

/// <summary>A tensor that is to be written to a weight file.</summary>
/// <param name="Info">Name, type and shape.</param>
/// <param name="WriteTo">Writes the numbers, row by row, little-endian.</param>
public sealed record TensorContent(TensorInfo Info, Action<Stream> WriteTo);
