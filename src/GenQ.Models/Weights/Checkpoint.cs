using System.Text.Json;
using GenQ.Data;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>Moves weights between a model folder and a network, by the names of the network's state dict.</summary>
internal static class Checkpoint
{
    private const string SafeTensorsFile = "model.safetensors";
    private const string PickleFile = "pytorch_model.bin";
    private const string IndexSuffix = ".index.json";
    private const int NamesInMessage = 3;

    /// <summary>
    /// Copies the weights of a folder into a network's parameters and buffers, converting them to the types these have. Tensors that the
    /// network does not have, such as the head of a masked-language model, are passed over.
    /// </summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="folder">A folder with <c>model.safetensors</c> or <c>pytorch_model.bin</c>, whole or sharded.</param>
    /// <param name="prefix">What the checkpoint's names may carry in front of the network's own, for example <c>"mpnet."</c>.</param>
    /// <param name="otherNames">Further names that files give to some of the network's tensors, and the network's own.</param>
    /// <exception cref="GenQException">A file or a tensor is missing, broken, or has another shape than the network expects.</exception>
    internal static void Load(
        nn.Module network, string folder, string prefix = "", IReadOnlyDictionary<string, string>? otherNames = null)
    {
        string owner = network.GetType().Name;
        Dictionary<string, Tensor> missing = network.state_dict();
        string[] files = FindFiles(folder);
        using var noGrad = no_grad();
        foreach (string file in files)
        {
            foreach (StoredTensor stored in Enumerate(file))
            {
                string name = ModernName(stored.Info.Name, prefix);
                name = otherNames?.GetValueOrDefault(name) ?? name;
                if (!missing.Remove(name, out Tensor? target)) continue;
                CheckFits(stored.Info, target, file, owner);
                using Tensor values = stored.Read();
                target.copy_(values);
            }
        }

        if (missing.Count == 0) return;
        string[] names = [.. missing.Keys.Order(StringComparer.Ordinal)];
        string more = names.Length > NamesInMessage ? $" and {names.Length - NamesInMessage} more" : "";
        string where = files.Length == 1 ? $"'{files[0]}'" : $"'{folder}' ({files.Length} files)";
        throw new GenQException($"{where} has no '{string.Join("', '", names.Take(NamesInMessage))}'{more}, which {owner} expects: " +
            "is config.json from another model?");
    }

    /// <summary>The names of all tensors in a folder's weight files, as they are stored.</summary>
    /// <exception cref="GenQException">A file is missing or broken.</exception>
    internal static IReadOnlyList<string> Names(string folder) =>
        [.. FindFiles(folder).SelectMany(file => Enumerate(file).Select(stored => stored.Info.Name))];

    /// <summary>Writes a network's state dict to <c>model.safetensors</c> in a folder.</summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="folder">The folder, created when missing.</param>
    /// <param name="dtype">
    /// The type for the floating-point tensors, for example half precision for shipping; their own when left out.
    /// </param>
    /// <exception cref="GenQException">The file cannot be written, or a weight is too large for <paramref name="dtype"/>.</exception>
    internal static void Save(nn.Module network, string folder, ScalarType? dtype = null)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Dictionary<string, Tensor> weights = network.state_dict();
        if (dtype is { } type)
        {
            foreach ((string name, Tensor weight) in weights.Where(pair => pair.Value.is_floating_point()).ToList())
            {
                weights[name] = weight.to(type);
                if (weight.isfinite().all().item<bool>() && !weights[name].isfinite().all().item<bool>())
                    throw new GenQException($"'{name}' has numbers too large for {type}. Save the model in float32.");
            }
        }

        SafeTensors.Write(Path.Combine(folder, SafeTensorsFile), weights);
    }

    // The order of transformers' from_pretrained.
    private static string[] FindFiles(string folder)
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

    private static string[] ReadIndex(string index, string folder)
    {
        string[] parts;
        try
        {
            using FileStream stream = File.OpenRead(index);
            using JsonDocument json = JsonDocument.Parse(stream);
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

    private static IEnumerable<StoredTensor> Enumerate(string file) =>
        Path.GetExtension(file) == ".bin" ? TorchPickle.Enumerate(file) : SafeTensors.Enumerate(file);

    // BERT checkpoints from before 2019 say gamma and beta.
    private static string ModernName(string name, string prefix)
    {
        if (name.StartsWith(prefix, StringComparison.Ordinal)) name = name[prefix.Length..];
        if (name.EndsWith("LayerNorm.gamma", StringComparison.Ordinal)) return name[..^"gamma".Length] + "weight";
        return name.EndsWith("LayerNorm.beta", StringComparison.Ordinal) ? name[..^"beta".Length] + "bias" : name;
    }

    private static void CheckFits(TensorInfo stored, Tensor target, string file, string owner)
    {
        string where = $"'{file}' has '{stored.Name}' as";
        if (!stored.Shape.SequenceEqual(target.shape))
        {
            throw new GenQException($"{where} [{string.Join(", ", stored.Shape)}], {owner} expects [{string.Join(", ", target.shape)}]: " +
                "is config.json from another model?");
        }

        bool isFloat = stored.Type is ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16;
        if (target.is_floating_point() && !isFloat)
            throw new GenQException($"{where} {stored.Type}, {owner} expects floating-point numbers: quantised checkpoints are not read.");
    }
}
