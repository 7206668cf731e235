using System.Buffers;

namespace GenQ.Documents;

/// <summary>
/// Finds where sentences end. A full stop ends none after an abbreviation, an initial or a list number, and none before a
/// lower-case word; decimals and code (<c>3.14</c>, <c>list.Add(x)</c>) hold full stops without white space after them.
/// </summary>
internal static class SentenceSplitter
{
    private static readonly SearchValues<char> Terminators = SearchValues.Create(".!?…。！？\n");

    // Short forms that stand before the word they belong to, so that a capital after them begins no sentence.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Abbreviations = new HashSet<string>(
        StringComparer.OrdinalIgnoreCase)
    {
        "al", "approx", "apt", "art", "ave", "bros", "ca", "capt", "cf", "ch", "chap", "co", "col", "corp", "dept", "dr", "ed", "eds",
        "eq", "eqs", "esp", "est", "ex", "fig", "figs", "gen", "gov", "hon", "inc", "incl", "jr", "lt", "ltd", "messrs", "mr", "mrs",
        "ms", "mt", "nos", "nr", "op", "pp", "prof", "ref", "refs", "rep", "resp", "rev", "sec", "sect", "sen", "sgt", "sr", "st",
        "tab", "vol", "vols", "vs", "jan", "feb", "mar", "apr", "aug", "sep", "sept", "oct", "nov", "dec",
        "bzw", "ggf", "usw", "vgl", "evtl", "zb", "abb",
    }.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Returns the offsets after the last character of each sentence; the last is the end of the text.</summary>
    public static List<int> Ends(ReadOnlySpan<char> text)
    {
        List<int> ends = [];
        int position = 0;
        MarkRun run = default;
        while (position < text.Length)
        {
            int found = text[position..].IndexOfAny(Terminators);
            if (found < 0) break;
            int mark = position + found;
            position = mark + 1;
            if (text[mark] != '\n' && mark >= run.MarksEnd) run = MarkRun.At(text, mark);
            int end = text[mark] == '\n' ? LineEnd(text, mark) : MarkEnd(text, mark, run);
            if (end <= 0 || end >= text.Length) continue;
            if (ends.Count == 0 || end > ends[^1]) ends.Add(end);
            position = Math.Max(position, end);
        }

        int last = text.TrimEnd().Length;
        if (last > 0 && (ends.Count == 0 || ends[^1] < last)) ends.Add(last);
        return ends;
    }

    // A line ends a sentence only where a list item follows.
    private static int LineEnd(ReadOnlySpan<char> text, int newLine)
    {
        ReadOnlySpan<char> next = text[(newLine + 1)..].TrimStart();
        bool bullet = next.Length > 1 && next[0] is '-' or '*' or '•' or '–' or '◦' && next[1] == ' ';
        return bullet || IsListNumber(next) ? text[..newLine].TrimEnd().Length : 0;
    }

    private static bool IsListNumber(ReadOnlySpan<char> text)
    {
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
        return digits is > 0 and < 4 && digits + 1 < text.Length && text[digits] is '.' or ')' && text[digits + 1] == ' ';
    }

    private static int MarkEnd(ReadOnlySpan<char> text, int mark, MarkRun run)
    {
        if (text[mark] is '。' or '！' or '？') return run.End;
        // "a ? b : c" and "!x" are code.
        if (!run.MayEndSentence || mark == 0 || char.IsWhiteSpace(text[mark - 1])) return 0;
        return text[mark] == '.' && run.End == mark + 1 && BelongsToWord(text[..mark]) ? 0 : run.End;
    }

    private static bool BelongsToWord(ReadOnlySpan<char> before)
    {
        int start = before.Length;
        while (start > 0 && !char.IsWhiteSpace(before[start - 1]) && before[start - 1] is not ('(' or '[' or '"' or '“')) start--;
        ReadOnlySpan<char> word = before[start..];
        if (word.Length == 1 && char.IsUpper(word[0])) return true;
        if (Abbreviations.Contains(word)) return true;

        // "e.g", "U.S" and "i.e" alternate letters and full stops.
        if (word.Length is >= 3 and <= 9 && word.Length % 2 == 1)
        {
            bool alternates = true;
            for (int i = 0; i < word.Length; i++) alternates &= i % 2 == 1 ? word[i] == '.' : char.IsLetter(word[i]);
            if (alternates) return true;
        }

        // "No. 5" needs its number; "1. Install" at the beginning of a line is a list item.
        if (word.Length is 0 or >= 4 || word.ContainsAnyExceptInRange('0', '9')) return false;
        while (start > 0 && before[start - 1] != '\n' && char.IsWhiteSpace(before[start - 1])) start--;
        return start == 0 || before[start - 1] == '\n';
    }

    // Neighbouring marks share what follows them: looked for once, however many there are.
    private readonly record struct MarkRun(int MarksEnd, int End, bool MayEndSentence)
    {
        public static MarkRun At(ReadOnlySpan<char> text, int mark)
        {
            int last = mark + 1;
            while (last < text.Length && text[last] is '.' or '!' or '?' or '…' or '。' or '！' or '？') last++;
            int end = last;
            while (end < text.Length && text[end] is '"' or '\'' or ')' or ']' or '”' or '’' or '»' or '」' or '』') end++;
            if (end >= text.Length || !char.IsWhiteSpace(text[end])) return new MarkRun(last, end, false);
            ReadOnlySpan<char> next = text[end..].TrimStart();
            return new MarkRun(last, end, next.IsEmpty || !char.IsLower(next[0]));
        }
    }
}
