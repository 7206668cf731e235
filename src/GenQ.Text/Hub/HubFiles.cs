using System.Globalization;
using System.Text.RegularExpressions;

namespace GenQ.Text;

/// <summary>Knows which files of a model's repository GenQ reads. Names are relative, with <c>/</c>.</summary>
internal static partial class HubFiles
{
    /// <summary>The list of a sentence encoder's modules; a repository without it holds a plain network.</summary>
    internal const string Modules = "modules.json";

    /// <summary>The common words that a generator of queries may write besides its passage's, one a line.</summary>
    internal const string QueryWords = "query-words.txt";

    private const string Config = "config.json";

    private static readonly string[] Tokenizers = ["spiece.model", "tokenizer.json", "sentencepiece.bpe.model", "vocab.txt"];

    // What loading a model reads beside its weights.
    private static readonly string[] Settings =
        [Config, Modules, "sentence_bert_config.json", "config_sentence_transformers.json", .. Tokenizers, "tokenizer_config.json", QueryWords];

    // Other libraries, with which the cache is shared, read the last three.
    private static readonly string[] Small = [.. Settings, "generation_config.json", "special_tokens_map.json", "added_tokens.json"];

    // In the order of preference: a file, and the parts it may be split into.
    private static readonly (string Whole, Regex Part)[] Weights =
        [("model.safetensors", SafeTensorsPart()), ("pytorch_model.bin", PicklePart())];

    /// <summary>Chooses the files to download; one form of the weights, the first of safetensors and torch's that is there.</summary>
    internal static IReadOnlyList<string> Select(IReadOnlyCollection<string> files)
    {
        List<string> chosen = [];
        foreach (IGrouping<string, string> folder in files.Where(file => ModuleFile().IsMatch(file)).GroupBy(FolderOf))
        {
            HashSet<string> names = [.. folder.Select(file => file[folder.Key.Length..])];
            chosen.AddRange(Small.Where(names.Contains).Concat(SelectWeights(names)).Select(name => folder.Key + name));
        }

        return chosen;
    }

    /// <summary>Whether a file may decide what a model gives: it is one that loading reads, or holds weights in any form.</summary>
    internal static bool IsDeciding(string file) =>
        ModuleFile().IsMatch(file) && (Settings.Contains(file[FolderOf(file).Length..]) || WeightsFile().IsMatch(file));

    /// <summary>Whether a network can be loaded from the files: its config and all parts of its weights are among them.</summary>
    internal static bool AreLoadable(IReadOnlyCollection<string> files) =>
        files.Any(file => FolderOf(file) + Config == file && SelectWeights(
            [.. files.Where(other => FolderOf(other) == FolderOf(file)).Select(other => other[FolderOf(file).Length..])]).Any());

    /// <summary>
    /// Whether the files are certainly all that GenQ would download. Python's libraries leave out what they did not ask for, so a missing
    /// <c>modules.json</c> says nothing until it is known that the repository has none.
    /// </summary>
    internal static bool AreWhole(IReadOnlyCollection<string> files, bool hasNoModules) =>
        AreLoadable(files)
        && files.Any(file => Tokenizers.Contains(file[FolderOf(file).Length..]))
        && (files.Contains(Modules) ? files.Any(file => file.EndsWith("/" + Config, StringComparison.Ordinal)) : hasNoModules);

    private static IEnumerable<string> SelectWeights(HashSet<string> names)
    {
        foreach ((string whole, Regex pattern) in Weights)
        {
            if (names.Contains(whole)) return [whole];
            string index = whole + ".index.json";
            string[] parts = [.. names.Where(name => pattern.IsMatch(name)).Order(StringComparer.Ordinal)];
            if (!names.Contains(index) || parts.Length == 0) continue;
            int count = int.Parse(pattern.Match(parts[0]).Groups["count"].Value, CultureInfo.InvariantCulture);
            if (count == parts.Length) return [index, .. parts];
        }

        return [];
    }

    private static string FolderOf(string file) => file[..(file.LastIndexOf('/') + 1)];

    // The root, or the folder of a sentence encoder's module: 1_Pooling/config.json.
    [GeneratedRegex(@"^([0-9]+_[A-Za-z]+/)?[^/\n]+\z")]
    private static partial Regex ModuleFile();

    [GeneratedRegex(@"(\.safetensors|(^|/)pytorch_model[^/]*\.bin)\z")]
    private static partial Regex WeightsFile();

    [GeneratedRegex(@"^model-[0-9]{5}-of-(?<count>[0-9]{5})\.safetensors\z")]
    private static partial Regex SafeTensorsPart();

    [GeneratedRegex(@"^pytorch_model-[0-9]{5}-of-(?<count>[0-9]{5})\.bin\z")]
    private static partial Regex PicklePart();
}
