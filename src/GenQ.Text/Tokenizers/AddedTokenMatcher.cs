using System.Buffers;
using System.Text;

namespace GenQ.Text;

/// <summary>Finds added tokens in a text: the leftmost, and of those that start at one place the longest.</summary>
/// <remarks>The rules are those of Hugging Face tokenizers, <c>tokenizer/added_vocabulary.rs</c> (find_matches).</remarks>
internal sealed class AddedTokenMatcher
{
    private readonly AddedToken[] _longestFirst;
    private readonly SearchValues<string> _contents;

    /// <summary>Prepares the search for <paramref name="tokens"/>; those without content are never found.</summary>
    public AddedTokenMatcher(IEnumerable<AddedToken> tokens)
    {
        _longestFirst = [.. tokens.Where(token => token.Content.Length > 0).OrderByDescending(token => token.Content.Length)];
        _contents = SearchValues.Create([.. _longestFirst.Select(token => token.Content)], StringComparison.Ordinal);
    }

    /// <summary>Finds the first token at or behind <paramref name="from"/>; null where there is none.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="from">Where the search begins; what lies before belongs to other matches.</param>
    /// <param name="start">Where the match begins, with the white space that the token swallows.</param>
    /// <param name="end">Where it ends, likewise.</param>
    public AddedToken? Find(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        start = end = from;
        while (_longestFirst.Length > 0)
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
        foreach (AddedToken token in _longestFirst)
        {
            if (text.StartsWith(token.Content, StringComparison.Ordinal)) return token;
        }

        throw new InvalidOperationException("The search found a token that is not there.");
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || rune.Value == '_';
}
