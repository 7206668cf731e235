using System.Text.RegularExpressions;
using GenQ.Text;

namespace GenQ.Models;

/// <summary>
/// The words that a T5 may write: common ones, listed beside the model, and those of the text that it reads. So a name is copied whole or not
/// written at all: never remembered from training, never torn apart. (Lexically constrained decoding: Hokamp and Liu 2017, here as a set of
/// allowed words in place of required ones.)
/// </summary>
internal sealed partial class AllowedWords
{
    // A text's longer strings, addresses and hashes, are no words to ask with.
    private const int LongestWord = 48;

    // Endings that a word of the text may take on or lose.
    private static readonly string[] Endings = ["s", "es", "ed", "d", "ing"];

    // What may stand behind a word.
    private static readonly string[] Closers = [",", "?", "'s"];

    private readonly ITokenizer _tokenizer;
    private readonly HashSet<string> _common;
    private readonly WordNode _root = new();

    /// <summary>Makes the rule.</summary>
    /// <param name="tokenizer">The T5's.</param>
    /// <param name="common">Common words in lower case.</param>
    public AllowedWords(ITokenizer tokenizer, IEnumerable<string> common)
    {
        _tokenizer = tokenizer;
        _common = [.. common];
        foreach (string word in _common) Add(_root, word);
        ClosingTokens = [.. Closers.Select(closer => Pieces($"a{closer}")).Where(ids => ids.Length == 2).Select(ids => ids[1])];
    }

    /// <summary>The tokens that may stand behind a word before the next begins.</summary>
    public IReadOnlyList<int> ClosingTokens { get; }

    /// <summary>Where a common word begins.</summary>
    public WordNode Common => _root;

    /// <summary>Reads the list of a model's folder; <see langword="null"/> where it has none.</summary>
    public static AllowedWords? Load(string folder, ITokenizer tokenizer)
    {
        string file = Path.Combine(folder, HubFiles.QueryWords);
        return File.Exists(file) ? new AllowedWords(tokenizer, File.ReadLines(file).Where(word => word.Length > 0)) : null;
    }

    /// <summary>The words of a text that are not common.</summary>
    /// <returns>Where such a word begins.</returns>
    public WordNode Of(string text)
    {
        WordNode root = new();
        foreach (string word in Rare(text).SelectMany(Forms).Distinct().Where(word => !_common.Contains(word))) Add(root, word);
        return root;
    }

    /// <summary>Spells the words of a query as its text spells them, where that is more than a capital in front: identifiers and acronyms.</summary>
    /// <param name="query">What was written, in lower case.</param>
    /// <param name="text">What was read.</param>
    public string Respell(string query, string text)
    {
        Dictionary<string, string> spellings = [];
        foreach (string word in Rare(text).Where(word => word.Skip(1).Any(char.IsUpper))) spellings.TryAdd(word.ToLowerInvariant(), word);
        return spellings.Count == 0 ? query : NoSpace().Replace(query, match =>
            spellings.TryGetValue(match.Value, out string? exact) && !_common.Contains(match.Value) ? exact : match.Value);
    }

    // "JsonSerializer.Serialize(value)," gives itself without the comma, its names, and the words that they are put together from.
    private static IEnumerable<string> Rare(string text) => NoSpace().Matches(text)
        .Select(match => match.Value.Trim('(', '[', '{', '"', '\'', ')', ']', '}', ',', '.', ';', ':', '!', '?', '…', '“', '”', '‘', '’', '<', '>'))
        .Where(word => word.Length is > 0 and <= LongestWord)
        .SelectMany(word => (string[])[word, .. Name().Matches(word).Select(m => m.Value), .. Dotted().Matches(word).Select(m => m.Value), .. Hump().Matches(word).Select(m => m.Value)])
        .Distinct();

    private static IEnumerable<string> Forms(string word)
    {
        string lower = word.ToLowerInvariant();
        yield return lower;
        if (!lower.All(char.IsAsciiLetter) || lower.Length < 3) yield break;
        foreach (string ending in Endings)
        {
            yield return lower + ending;
            if (lower.Length > ending.Length + 2 && lower.EndsWith(ending, StringComparison.Ordinal)) yield return lower[..^ending.Length];
        }
    }

    private void Add(WordNode root, string word)
    {
        int[] ids = Pieces(word);
        if (ids.Length == 0 || ids.Contains(_tokenizer.UnknownId)) return;
        WordNode node = root;
        foreach (int id in ids) node = node.Extend(id);
        node.EndWord(word.Length);
    }

    private int[] Pieces(string word) => _tokenizer.Encode(word)[..^_tokenizer.SpecialTokenCount];

    [GeneratedRegex(@"\S+")]
    private static partial Regex NoSpace();

    [GeneratedRegex(@"[\w'-]*\w")]
    private static partial Regex Name();

    [GeneratedRegex(@"\w+(?:(?:\.|::)\w+)+")]
    private static partial Regex Dotted();

    // The parts of FileName and file_name.
    [GeneratedRegex(@"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Hump();
}
