using GenQ.Data;

namespace GenQ.Text;

/// <summary>Finds the tensors of a network in the weight files of a folder, whatever stands in front of their names there.</summary>
internal static class NetworkWeights
{
    private const int NamesInMessage = 3;

    /// <summary>
    /// Hands on each tensor of a network, in the order of the files. Tensors that the network does not have, such as the head of a
    /// masked-language model, are passed over.
    /// </summary>
    /// <param name="folder">A folder with <c>model.safetensors</c> or <c>pytorch_model.bin</c>, whole or sharded.</param>
    /// <param name="owner">What messages call the network.</param>
    /// <param name="shapes">The shapes of the network's tensors by name.</param>
    /// <param name="take">Receives the network's name of a tensor and what is stored.</param>
    /// <param name="otherNames">Further names that files give to some of the network's tensors, and the network's own.</param>
    /// <remarks>
    /// The checkpoint's names may all carry the same prefix: a network within another is stored as <c>bert.…</c>, a wrapped one as
    /// <c>module.…</c>, <c>_orig_mod.…</c> or <c>0.auto_model.…</c>.
    /// </remarks>
    /// <exception cref="GenQException">A file or a tensor is missing, broken, or has another shape or type than the network expects.</exception>
    public static void Read(
        string folder, string owner, IReadOnlyDictionary<string, long[]> shapes, Action<string, StoredTensor> take,
        IReadOnlyDictionary<string, string>? otherNames = null)
    {
        HashSet<string> missing = [.. shapes.Keys];
        IReadOnlyList<string> files = WeightFiles.Find(folder);
        string prefix = FindPrefix(WeightFiles.Names(folder), name => shapes.ContainsKey(Own(name)), folder);
        foreach (string file in files)
        {
            foreach (StoredTensor stored in WeightFiles.Enumerate(file))
            {
                string name = stored.Info.Name;
                if (name.StartsWith(prefix, StringComparison.Ordinal)) name = name[prefix.Length..];
                name = Own(name);
                if (!missing.Remove(name)) continue;
                CheckFits(stored.Info, shapes[name], file, owner);
                take(name, stored);
            }
        }

        if (missing.Count == 0) return;
        string[] names = [.. missing.Order(StringComparer.Ordinal)];
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

    private static void CheckFits(TensorInfo stored, long[] expected, string file, string owner)
    {
        string where = $"'{file}' has '{stored.Name}' as";
        if (!stored.Shape.SequenceEqual(expected))
        {
            throw new GenQException($"{where} [{string.Join(", ", stored.Shape)}], {owner} expects [{string.Join(", ", expected)}]: " +
                "is config.json from another model?");
        }

        if (stored.Type is not (NumberType.F64 or NumberType.F32 or NumberType.F16 or NumberType.BF16))
            throw new GenQException($"{where} {stored.Type}, {owner} expects floating-point numbers: quantised checkpoints are not read.");
    }
}
