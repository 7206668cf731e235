using System.Text.Json;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>Finds the weight files of a model folder, whole or in parts, of either kind.</summary>
public static class WeightFiles
{
    /// <summary>The file that safetensors weights lie in where they are whole.</summary>
    public const string SafeTensorsFile = "model.safetensors";

    private const string PickleFile = "pytorch_model.bin";
    private const string IndexSuffix = ".index.json";

    /// <summary>Finds the files that hold a model's weights, in the order of transformers' <c>from_pretrained</c>.</summary>
    /// <returns>Paths: one file, or the parts that an index names.</returns>
    /// <exception cref="GenQException">There are none, or a part is missing.</exception>
    public static IReadOnlyList<string> Find(string folder)
    {
        foreach (string name in (string[])[SafeTensorsFile, PickleFile])
        {
            string whole = Path.Combine(folder, name);
            if (File.Exists(whole)) return [whole];
            if (File.Exists(whole + IndexSuffix)) return ReadIndex(whole + IndexSuffix, folder);
        }

        throw new GenQException($"'{folder}' has no weights: expected {SafeTensorsFile}, {PickleFile}, or one of these in parts with its " +
            $"{IndexSuffix} beside them. Is it the folder of a model?");
    }

    /// <summary>Gives the tensors of a weight file one by one; each can be read until the enumeration goes on.</summary>
    /// <param name="file">A safetensors file, or a file of torch that ends in <c>.bin</c>.</param>
    /// <exception cref="GenQException">The file is missing or broken.</exception>
    public static IEnumerable<StoredTensor> Enumerate(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Path.GetExtension(file) == ".bin" ? TorchPickle.Enumerate(file) : SafeTensors.Enumerate(file);
    }

    /// <summary>The names of all tensors in a folder's weight files, as they are stored.</summary>
    /// <exception cref="GenQException">A file is missing or broken.</exception>
    public static IReadOnlyList<string> Names(string folder) => [.. Find(folder).SelectMany(file => Enumerate(file).Select(stored => stored.Info.Name))];

    private static string[] ReadIndex(string index, string folder)
    {
        string[] parts;
        try
        {
            using JsonDocument json = StrictJson.Parse(index);
            parts = [.. json.RootElement.GetProperty("weight_map").EnumerateObject().Select(p => p.Value.GetString() ?? "")
                .Distinct().Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new GenQException($"'{index}' should hold a 'weight_map' of tensor names and files: {e.Message} Get the file anew.", e);
        }

        foreach (string part in parts)
        {
            if (Path.GetFileName(part) != part)
                throw new GenQException($"'{index}' names '{part}', expected a file beside it. Get the file anew.");
            if (!File.Exists(Path.Combine(folder, part)))
            {
                throw new GenQException($"'{folder}' has no '{part}', which {Path.GetFileName(index)} names as one of {parts.Length} " +
                    "parts. Get the missing file.");
            }
        }

        return [.. parts.Select(part => Path.Combine(folder, part))];
    }
}
