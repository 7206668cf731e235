using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Generation;

/// <summary>
/// Cuts a passage into stretches of whole sentences, each of which is read alone. A small generator that reads ten sentences joins words of several
/// into one query; of two sentences it asks what they say.
/// </summary>
internal static class PassageWindows
{
    // More would each give too few queries.
    private const int Most = 4;

    /// <summary>Gives the texts to read, each behind the passage's title.</summary>
    /// <param name="passage">The passage.</param>
    /// <param name="words">A window ends with the sentence that fills so many words, or a quarter of the passage's where that is more; 0 is the whole passage.</param>
    /// <returns>One to four, in the order of the text.</returns>
    public static IReadOnlyList<string> Of(Passage passage, int words)
    {
        if (words == 0) return [passage.SearchText];
        string text = passage.Text;
        int enough = Math.Max(words, (Count(text) + Most - 1) / Most), start = 0;
        List<string> windows = [];
        foreach (int end in SentenceSplitter.Ends(text))
        {
            if (Count(text.AsSpan(start, end - start)) < enough) continue;
            windows.Add(text[start..end].Trim());
            start = end;
        }

        // A short rest belongs to the window before it.
        string rest = text[start..].Trim();
        if (windows.Count > 0 && (rest.Length == 0 || Count(rest) < enough / 2)) windows[^1] = $"{windows[^1]} {rest}".TrimEnd();
        else windows.Add(rest);
        return [.. windows.Select(window => (passage with { Text = window }).SearchText)];
    }

    private static int Count(ReadOnlySpan<char> text)
    {
        int words = 0;
        bool inside = false;
        foreach (char c in text)
        {
            bool isWord = !char.IsWhiteSpace(c);
            if (isWord && !inside) words++;
            inside = isWord;
        }

        return words;
    }
}
