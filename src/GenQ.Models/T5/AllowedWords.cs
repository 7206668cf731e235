using GenQ.Text;

namespace GenQ.Models;

/// <summary>
/// The words that a T5 may write: common ones, listed beside the model, and those of the text that it reads. So a name is copied whole or not
/// written at all: never remembered from training, never torn apart. (Lexically constrained decoding: Hokamp and Liu 2017, here as a set of
/// allowed words in place of required ones.)
/// </summary>
internal sealed class AllowedWords
{
    // What may stand behind a word.
    private static readonly string[] Closers = [",", "?", "'s"];

    private readonly ITokenizer _tokenizer;
    private readonly HashSet<string> _common;

    /// <summary>Makes the rule.</summary>
    /// <param name="tokenizer">The T5's.</param>
    /// <param name="common">Common words in lower case.</param>
    public AllowedWords(ITokenizer tokenizer, IEnumerable<string> common)
    {
        _tokenizer = tokenizer;
        _common = [.. common];
        foreach (string word in _common) Add(Common, word);
        ClosingTokens = [.. Closers.Select(closer => Pieces($"a{closer}")).Where(ids => ids.Length == 2).Select(ids => ids[1])];
    }

    /// <summary>The tokens that may stand behind a word before the next begins.</summary>
    public IReadOnlyList<int> ClosingTokens { get; }

    /// <summary>Where a common word begins.</summary>
    public WordNode Common { get; } = new();

    /// <summary>Reads the list of a model's folder; <see langword="null"/> where it has none.</summary>
    public static AllowedWords? Load(string folder, ITokenizer tokenizer)
    {
        string file = Path.Combine(folder, HubFiles.QueryWords);
        return File.Exists(file) ? new AllowedWords(tokenizer, File.ReadLines(file).Where(word => word.Length > 0)) : null;
    }

    /// <summary>Whether a word, in lower case, may be written of any text.</summary>
    public bool IsCommon(string word) => _common.Contains(word);

    /// <summary>Adds a word to a trie, unless the T5 has no tokens to spell it with.</summary>
    public void Add(WordNode root, string word)
    {
        int[] ids = Pieces(word);
        if (ids.Length == 0 || ids.Contains(_tokenizer.UnknownId)) return;
        WordNode node = root;
        foreach (int id in ids) node = node.Extend(id);
        node.EndWord(word);
    }

    private int[] Pieces(string word) => _tokenizer.Encode(word)[..^_tokenizer.SpecialTokenCount];
}
