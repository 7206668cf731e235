using GenQ.Data;
using GenQ.Text;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>Makes tensors of what weight files hold, and weight files of tensors.</summary>
internal static class TensorFile
{
    // One span holds up to 2 GiB.
    private const long ChunkElements = 1 << 26;

    private static readonly Dictionary<NumberType, ScalarType> Types = new()
    {
        [NumberType.F64] = ScalarType.Float64,
        [NumberType.F32] = ScalarType.Float32,
        [NumberType.F16] = ScalarType.Float16,
        [NumberType.BF16] = ScalarType.BFloat16,
        [NumberType.I64] = ScalarType.Int64,
        [NumberType.I32] = ScalarType.Int32,
        [NumberType.I16] = ScalarType.Int16,
        [NumberType.I8] = ScalarType.Int8,
        [NumberType.U8] = ScalarType.Byte,
        [NumberType.Bool] = ScalarType.Bool,
    };

    /// <summary>Reads every tensor of a weight file to the CPU, with the types it is stored in.</summary>
    /// <param name="path">A safetensors file, or a file of torch that ends in <c>.bin</c>.</param>
    /// <returns>Tensors by name; they belong to the caller (or its dispose scope).</returns>
    /// <exception cref="GenQException">The file is missing, cut off or broken.</exception>
    public static Dictionary<string, Tensor> Read(string path)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = [];
        foreach (StoredTensor stored in WeightFiles.Enumerate(path)) tensors[stored.Info.Name] = Read(stored);
        foreach (Tensor tensor in tensors.Values) tensor.MoveToOuterDisposeScope();
        return tensors;
    }

    /// <summary>Reads a stored tensor to the CPU, with the type it is stored in.</summary>
    public static Tensor Read(StoredTensor stored)
    {
        using var scope = NewDisposeScope();
        Tensor? tensor = null;

        // Room is made only once the file has been found to hold so much.
        stored.Read(take =>
        {
            tensor = empty([.. stored.Info.Shape], Types[stored.Info.Type], CPU);
            Visit(tensor, bytes => take(bytes));
        });
        return tensor!.MoveToOuterDisposeScope();
    }

    /// <summary>Writes tensors of any device and layout to a safetensors file.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="tensors">Tensors by name.</param>
    /// <param name="metadata">As in <see cref="SafeTensors.Write"/>.</param>
    /// <exception cref="GenQException">The file cannot be written, or a tensor has a type that safetensors does not know.</exception>
    public static void Write(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
        => SafeTensors.Write(path, [.. tensors.Select(pair => Content(path, pair.Key, pair.Value))], metadata);

    /// <summary>As <see cref="Write"/>, with a checksum that <see cref="SafeTensors.RequireSeal"/> looks at.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteSealed(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
        => SafeTensors.WriteSealed(path, [.. tensors.Select(pair => Content(path, pair.Key, pair.Value))], metadata);

    private static TensorContent Content(string path, string name, Tensor tensor)
    {
        NumberType? type = Types.Where(pair => pair.Value == tensor.dtype).Select(pair => (NumberType?)pair.Key).FirstOrDefault();
        return type is { } stored
            ? new TensorContent(new TensorInfo(name, stored, tensor.shape), stream =>
            {
                using var scope = NewDisposeScope();
                Visit(tensor.detach().cpu().contiguous(), bytes => stream.Write(bytes));
            })
            : throw new GenQException($"'{path}' cannot hold '{name}': safetensors files have no {tensor.dtype}.");
    }

    private delegate void VisitBytes(Span<byte> bytes);

    private static void Visit(Tensor contiguous, VisitBytes visit)
    {
        long count = contiguous.numel();
        if (count == 0) return;
        using Tensor flat = contiguous.view(-1);
        for (long start = 0; start < count; start += ChunkElements)
        {
            using Tensor chunk = flat.narrow(0, start, Math.Min(ChunkElements, count - start));
            visit(chunk.bytes);
        }
    }
}
