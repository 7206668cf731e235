using GenQ.Data;
using GenQ.Text;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>Moves weights between a model folder and a network, by the names of the network's state dict.</summary>
internal static class Checkpoint
{
    private const int NamesInMessage = 3;

    /// <summary>
    /// Copies the weights of a folder into a network's parameters and buffers, converting them to the types these have. Tensors that the
    /// network does not have, such as the head of a masked-language model, are passed over.
    /// </summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="folder">A folder with <c>model.safetensors</c> or <c>pytorch_model.bin</c>, whole or sharded.</param>
    /// <param name="otherNames">Further names that files give to some of the network's tensors, and the network's own.</param>
    /// <remarks>
    /// The checkpoint's names may all carry the same prefix: a network within another is stored as <c>bert.…</c>, a wrapped one as
    /// <c>module.…</c>, <c>_orig_mod.…</c> or <c>0.auto_model.…</c>.
    /// </remarks>
    /// <exception cref="GenQException">A file or a tensor is missing, broken, or has another shape than the network expects.</exception>
    internal static void Load(nn.Module network, string folder, IReadOnlyDictionary<string, string>? otherNames = null)
    {
        string owner = network.GetType().Name;
        Dictionary<string, Tensor> missing = network.state_dict();
        IReadOnlyList<string> files = WeightFiles.Find(folder);
        string prefix = FindPrefix(WeightFiles.Names(folder), name => missing.ContainsKey(Own(name)), folder);
        using var noGrad = no_grad();
        foreach (string file in files)
        {
            foreach (StoredTensor stored in WeightFiles.Enumerate(file))
            {
                string name = stored.Info.Name;
                if (name.StartsWith(prefix, StringComparison.Ordinal)) name = name[prefix.Length..];
                if (!missing.Remove(Own(name), out Tensor? target)) continue;
                CheckFits(stored.Info, target, file, owner);
                using Tensor values = TensorFile.Read(stored);
                target.copy_(values);
            }
        }

        if (missing.Count == 0) return;
        string[] names = [.. missing.Keys.Order(StringComparer.Ordinal)];
        string more = names.Length > NamesInMessage ? $" and {names.Length - NamesInMessage} more" : "";
        string where = files.Count == 1 ? $"'{files[0]}'" : $"'{folder}' ({files.Count} files)";
        throw new GenQException($"{where} has no '{string.Join("', '", names.Take(NamesInMessage))}'{more}, which {owner} expects: " +
            "is config.json from another model?");

        string Own(string name)
        {
            name = ModernName(name);
            return otherNames?.GetValueOrDefault(name) ?? name;
        }
    }

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

        TensorFile.Write(Path.Combine(folder, WeightFiles.SafeTensorsFile), weights);
    }

    // The prefix behind which most of the network's tensors stand; none where that gives as many.
    private static string FindPrefix(IReadOnlyList<string> stored, Func<string, bool> isKnown, string folder)
    {
        Dictionary<string, int> found = new() { [""] = 0 };
        foreach (string name in stored)
        {
            for (int start = 0; start >= 0; start = name.IndexOf('.', start) is >= 0 and int dot ? dot + 1 : -1)
            {
                if (isKnown(name[start..])) found[name[..start]] = found.GetValueOrDefault(name[..start]) + 1;
            }
        }

        int most = found.Values.Max();
        string[] best = [.. found.Where(pair => pair.Value == most).Select(pair => pair.Key).Order(StringComparer.Ordinal)];
        return best.Length == 1 || best[0].Length == 0
            ? best[0]
            : throw new GenQException($"The weights in '{folder}' are of several networks, '{string.Join("', '", best)}': one was expected. "
                + "Save the one that is wanted alone.");
    }

    // BERT checkpoints from before 2019 say gamma and beta.
    private static string ModernName(string name)
    {
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

        bool isFloat = stored.Type is NumberType.F64 or NumberType.F32 or NumberType.F16 or NumberType.BF16;
        if (target.is_floating_point() && !isFloat)
            throw new GenQException($"{where} {stored.Type}, {owner} expects floating-point numbers: quantised checkpoints are not read.");
    }
}
