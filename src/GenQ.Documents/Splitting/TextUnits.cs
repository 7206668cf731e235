using GenQ.Data;

namespace GenQ.Documents;

/// <summary>Takes a document apart into the units that passages are put together from.</summary>
internal sealed class TextUnits
{
    private readonly string _text;
    private readonly SectionTree _sections;
    private readonly TextMeasure _measure;
    private readonly PassageSplitterOptions _options;
    private readonly List<TextUnit> _units = [];

    private TextUnits(Document document, SectionTree sections, TextMeasure measure, PassageSplitterOptions options)
    {
        _text = document.Text;
        _sections = sections;
        _measure = measure;
        _options = options;
    }

    /// <summary>Returns the units in reading order: between two of them stands only white space.</summary>
    public static TextUnit[] Read(Document document, SectionTree sections, TextMeasure measure, PassageSplitterOptions options)
    {
        TextUnits units = new(document, sections, measure, options);
        int start = 0;
        for (int section = SectionTree.Root; section < sections.Count; section++)
        {
            if (section != SectionTree.Root)
            {
                int end = start + sections[section].Heading.Length;
                units.Add(start, end, section, isHeading: true, TextBreak.Paragraph);
                start = end;
            }

            int next = section + 1 < sections.Count ? sections[section + 1].Start : document.Text.Length;
            units.AddParagraphs(start, next, section);
            start = next;
        }

        return [.. units._units];
    }

    // Paragraphs are divided by empty lines.
    private void AddParagraphs(int start, int end, int section)
    {
        int paragraph = -1, filled = start;
        for (int line = start; line < end;)
        {
            int length = _text.AsSpan(line, end - line).IndexOf('\n');
            int lineEnd = length < 0 ? end : line + length;
            if (!_text.AsSpan(line, lineEnd - line).IsWhiteSpace())
            {
                if (paragraph < 0) paragraph = line;
                filled = lineEnd;
            }
            else if (paragraph >= 0)
            {
                AddSentences(paragraph, filled, section);
                paragraph = -1;
            }

            line = lineEnd + 1;
        }

        if (paragraph >= 0) AddSentences(paragraph, filled, section);
    }

    private void AddSentences(int start, int end, int section)
    {
        int sentence = start;
        List<int> ends = SentenceSplitter.Ends(_text.AsSpan(start, end - start));
        for (int i = 0; i < ends.Count; i++)
        {
            AddSentence(sentence, start + ends[i], section, i + 1 < ends.Count ? TextBreak.Sentence : TextBreak.Paragraph);
            sentence = start + ends[i];
        }
    }

    private void AddSentence(int start, int end, int section, TextBreak after)
    {
        // Lists and code are one long sentence with useful line ends.
        if (Fits(start, end, section, _options.MaxWords / 3))
        {
            Add(start, end, section, isHeading: false, after);
            return;
        }

        for (int line = start; line < end;)
        {
            int length = _text.AsSpan(line, end - line).IndexOf('\n');
            int lineEnd = length < 0 ? end : line + length;
            bool isLast = _text.AsSpan(lineEnd, end - lineEnd).IsWhiteSpace();
            AddLine(line, isLast ? end : lineEnd, section, isLast ? after : TextBreak.Line);
            if (isLast) break;
            line = lineEnd + 1;
        }
    }

    // A line that is too long is halved at the white space nearest to its middle, or between any two characters.
    private void AddLine(int start, int end, int section, TextBreak after)
    {
        while (start < end && char.IsWhiteSpace(_text[start])) start++;
        while (end > start && char.IsWhiteSpace(_text[end - 1])) end--;
        if (end - start < 2 || Fits(start, end, section, _options.MaxWords))
        {
            Add(start, end, section, isHeading: false, after);
            return;
        }

        int middle = start + ((end - start) / 2);
        int cut = NearestSpace(start, end, middle) ?? (char.IsLowSurrogate(_text[middle]) ? middle + 1 : middle);
        if (cut >= end)
        {
            Add(start, end, section, isHeading: false, after);
            return;
        }

        AddLine(start, cut, section, TextBreak.Word);
        AddLine(cut, end, section, after);
    }

    private int? NearestSpace(int start, int end, int middle)
    {
        for (int distance = 0; distance <= (end - start) / 2; distance++)
        {
            if (middle - distance > start && char.IsWhiteSpace(_text[middle - distance])) return middle - distance;
            if (middle + distance < end && char.IsWhiteSpace(_text[middle + distance])) return middle + distance;
        }

        return null;
    }

    private bool Fits(int start, int end, int section, int maxWords)
    {
        ReadOnlySpan<char> text = _text.AsSpan(start, end - start);
        if (TextMeasure.Words(text) > maxWords) return false;
        return _options.CountTokens is null || _measure.Tokens(text) + _sections.Title(section).Tokens <= _options.MaxTokens;
    }

    private void Add(int start, int end, int section, bool isHeading, TextBreak after)
    {
        while (start < end && char.IsWhiteSpace(_text[start])) start++;
        while (end > start && char.IsWhiteSpace(_text[end - 1])) end--;
        if (start == end) return;
        ReadOnlySpan<char> text = _text.AsSpan(start, end - start);
        _units.Add(new TextUnit(start, end, section, isHeading, TextMeasure.Words(text), _measure.Tokens(text), after));
    }
}
