using System.Text.RegularExpressions;

namespace GenQ.Models;

/// <summary>The words of one text that a T5 may write of it beside common ones.</summary>
internal sealed partial class TextWords
{
    // A text's longer strings, addresses and hashes, are no words to ask with.
    private const int LongestWord = 48;

    private readonly Dictionary<string, string> _spellings = [];

    /// <summary>Reads a text.</summary>
    /// <param name="words">What may be written of any text.</param>
    /// <param name="text">What the T5 reads.</param>
    public TextWords(AllowedWords words, string text)
    {
        string[] rare = [.. Words(text)];
        foreach (string word in rare.SelectMany(Forms).Distinct().Where(word => !words.IsCommon(word))) words.Add(Root, word);
        foreach (string word in rare.Where(word => word.Skip(1).Any(char.IsUpper) && !words.IsCommon(word.ToLowerInvariant())))
            _spellings.TryAdd(word.ToLowerInvariant(), word);
    }

    /// <summary>Where such a word begins.</summary>
    public WordNode Root { get; } = new();

    /// <summary>Spells the words of a query as the text spells them, where that is more than a capital in front: identifiers and acronyms.</summary>
    /// <param name="query">What was written, in lower case.</param>
    public string Respell(string query)
        => _spellings.Count == 0 ? query : NoSpace().Replace(query, match => _spellings.GetValueOrDefault(match.Value, match.Value));

    // A word that is no name may be asked for in the singular and in the plural. A letter by itself says nothing.
    private static IEnumerable<string> Forms(string word)
    {
        string lower = word.ToLowerInvariant();
        if (lower.Length > 1 || char.IsDigit(lower[0])) yield return lower;
        if (word.Length < 4 || !word.All(char.IsAsciiLetterLower)) yield break;
        if (!word.EndsWith('s')) yield return word + "s";
        else if (word[^2] is not ('s' or 'u' or 'i')) yield return word[..^1];
    }

    // "JsonSerializer.Serialize(value)," gives itself without the comma, its names, and the words that they are put together from; "Dictionary<TKey,"
    // its names alone.
    private static IEnumerable<string> Words(string text) => NoSpace().Matches(text)
        .Select(match => match.Value.Trim('"', '\'', ',', '.', ';', ':', '!', '?', '…', '“', '”', '‘', '’'))
        .Select(word => IsClosed(word) ? word : word.Trim('(', '[', '{', '<', ')', ']', '}', '>', ',', '.', ';', ':'))
        .Where(word => word.Length is > 0 and <= LongestWord)
        .SelectMany(word => (string[])[.. IsClosed(word) ? (string[])[word] : [], .. Name().Matches(word).Select(m => m.Value), .. Dotted().Matches(word).Select(m => m.Value), .. Hump().Matches(word).Select(m => m.Value)])
        .Distinct();

    private static bool IsClosed(string word)
        => Balances(word, '<', '>') && Balances(word, '(', ')') && Balances(word, '[', ']') && Balances(word, '{', '}')
            && word.FirstOrDefault() is not ('(' or '[' or '{' or '<');

    private static bool Balances(string word, char open, char close) => word.AsSpan().Count(open) == word.AsSpan().Count(close);

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
