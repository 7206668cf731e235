namespace GenQ.Models;

/// <summary>A place in a trie of words, spelled in tokens.</summary>
internal sealed class WordNode
{
    private readonly Dictionary<int, WordNode> _next = [];

    /// <summary>The tokens that go on from here.</summary>
    public IReadOnlyDictionary<int, WordNode> Next => _next;

    /// <summary>Whether a word ends here.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>Whether the word that ends here may be written more than once: the short ones, which hold sentences together.</summary>
    public bool MayRepeat { get; private set; }

    /// <summary>What the word that ends here shares with its plural.</summary>
    public string Stem { get; private set; } = "";

    /// <summary>The place that a token leads to, made where there is none.</summary>
    public WordNode Extend(int token) => _next.TryGetValue(token, out WordNode? node) ? node : _next[token] = new WordNode();

    /// <summary>Lets a word end here.</summary>
    /// <param name="word">The word that the tokens up to here spell.</param>
    public void EndWord(string word) => (IsEnd, MayRepeat, Stem) = (true, word.Length <= LongestRepeatable, word.TrimEnd('s'));

    // "of the", "to a", "is in".
    private const int LongestRepeatable = 3;
}
