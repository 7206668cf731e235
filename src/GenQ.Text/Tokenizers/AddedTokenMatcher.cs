using System.Buffers;
using System.Text;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>Finds added tokens in a text: the leftmost, and of those that start at one place the longest.</summary>
/// <remarks>The rules are those of Hugging Face tokenizers, <c>tokenizer/added_vocabulary.rs</c> (find_matches).</remarks>
internal sealed class AddedTokenMatcher
{
    private readonly Dictionary<string, AddedToken>.AlternateLookup<ReadOnlySpan<char>> _tokens;
    private readonly int[] _lengths;
    private readonly SearchValues<string> _contents;

    /// <summary>Prepares the search for <paramref name="tokens"/>; those without content are never found, and of equal ones the first.</summary>
    /// <exception cref="InvalidDataException">There are more than any tokenizer has, or one is longer than any.</exception>
    public AddedTokenMatcher(IEnumerable<AddedToken> tokens)
    {
        Dictionary<string, AddedToken> byContent = new(StringComparer.Ordinal);
        foreach (AddedToken token in tokens)
        {
            if (token.Content.Length > InputLimits.PieceBytes) throw new InvalidDataException($"its added token '{token.Content}' is longer than {InputLimits.PieceBytes} characters.");
            if (token.Content.Length > 0) byContent.TryAdd(token.Content, token);
        }

        if (byContent.Count > InputLimits.AddedTokens) throw new InvalidDataException($"it has {byContent.Count} added tokens, expected at most {InputLimits.AddedTokens}.");
        _tokens = byContent.GetAlternateLookup<ReadOnlySpan<char>>();
        _lengths = [.. byContent.Keys.Select(content => content.Length).Distinct().OrderDescending()];
        _contents = SearchValues.Create([.. byContent.Keys], StringComparison.Ordinal);
    }

    /// <summary>Finds the first token at or behind <paramref name="from"/>; null where there is none.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="from">Where the search begins; what lies before belongs to other matches.</param>
    /// <param name="start">Where the match begins, with the white space that the token swallows.</param>
    /// <param name="end">Where it ends, likewise.</param>
    public AddedToken? Find(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        start = end = from;
        while (_lengths.Length > 0)
        {
            int next = text[end..].IndexOfAny(_contents);
            if (next < 0) break;
            start = end + next;
            AddedToken token = TokenAt(text[start..]);
            end = start + token.Content.Length;
            if (token.SingleWord && (EndsWithWord(text[..start]) || StartsWithWord(text[end..]))) continue;
            if (token.Lstrip) start = from + text[from..start].TrimEnd().Length;
            if (token.Rstrip) end = text.Length - text[end..].TrimStart().Length;
            return token;
        }

        return null;
    }

    private AddedToken TokenAt(ReadOnlySpan<char> text)
    {
        foreach (int length in _lengths)
        {
            if (length <= text.Length && _tokens.TryGetValue(text[..length], out AddedToken? token)) return token;
        }

        throw new InvalidOperationException("The search found a token that is not there.");
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || rune.Value == '_';
}
