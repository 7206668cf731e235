namespace GenQ.Documents;

/// <summary>Counts words and tokens.</summary>
internal sealed class TextMeasure(PassageSplitterOptions options)
{
    // Longer runs without white space are addresses, hashes or encoded data: each so many characters count as a word.
    private const int LongestWord = 32;

    /// <summary>The tokens of a text; 0 where tokens are not counted.</summary>
    public int Tokens(ReadOnlySpan<char> text) => options.CountTokens is null ? 0 : options.CountTokens(text.ToString());

    /// <summary>Counts words: runs of characters that are no white space; two ideographs or kana count as one word.</summary>
    public static int Words(ReadOnlySpan<char> text)
    {
        int words = 0, letters = 0, ideographs = 0;
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c)) Finish();
            else if (c is >= '\u2E80' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF') ideographs++;
            else letters++;
        }

        Finish();
        return words;

        void Finish()
        {
            words += ((ideographs + 1) / 2) + ((letters + LongestWord - 1) / LongestWord);
            letters = 0;
            ideographs = 0;
        }
    }
}
