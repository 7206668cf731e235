using System.Text;

namespace GenQ.Data;

/// <summary>
/// Collects the text of one document in plain letters: words with single spaces, lines, paragraphs separated by one empty line, and
/// where headings and pages begin.
/// </summary>
internal sealed class DocumentBuilder
{
    private readonly StringBuilder _text = new();
    private readonly List<Section> _sections = [];
    private readonly List<int> _pages = [];
    private int _headingLevel;
    private int _headingStart;
    private int _pagesWaiting;
    private int _lineBreaks;
    private int _blanks;

    /// <summary>Adds running text: white space of any kind and length becomes one space.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        if (!Ascii.IsValid(text)) text = UnicodeText.Normalize(text.ToString());
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c)) _blanks = Math.Max(_blanks, _lineBreaks > 0 ? 0 : 1);
            else if (!IsInvisible(c)) AppendVisible(c);
        }
    }

    /// <summary>Adds text whose lines and spaces mean something, such as code.</summary>
    public void AppendVerbatim(ReadOnlySpan<char> text)
    {
        if (_headingLevel > 0)
        {
            Append(text);
            return;
        }

        if (!Ascii.IsValid(text)) text = UnicodeText.Normalize(text.ToString());
        foreach (char c in text)
        {
            switch (c)
            {
                case '\n':
                    // Blanks at a line's end are dropped, one empty line stays.
                    _lineBreaks = Math.Min(_lineBreaks + 1, 2);
                    _blanks = 0;
                    break;
                case '\r' or '\f' or '\v':
                    break;
                case '\t':
                    _blanks = Math.Min(_blanks + 4, InputLimits.Blanks);
                    break;
                default:
                    if (char.IsWhiteSpace(c)) _blanks = Math.Min(_blanks + 1, InputLimits.Blanks);
                    else if (!IsInvisible(c)) AppendVisible(c);
                    break;
            }
        }
    }

    /// <summary>The end of the word that further text would be joined to; empty where a new word begins.</summary>
    /// <param name="most">The most characters to give.</param>
    public string LastWord(int most)
    {
        if (_blanks > 0 || _lineBreaks > 0 || (_headingLevel > 0 && _headingStart < 0)) return "";
        int start = _text.Length;
        while (start > 0 && _text.Length - start < most && !char.IsWhiteSpace(_text[start - 1])) start--;
        return _text.ToString(start, _text.Length - start);
    }

    /// <summary>What follows begins on a new line.</summary>
    public void BreakLine()
    {
        if (_headingLevel == 0) _lineBreaks = Math.Max(_lineBreaks, 1);
        _blanks = _headingLevel > 0 && _headingStart >= 0 ? 1 : 0;
    }

    /// <summary>What follows begins a new paragraph.</summary>
    public void BreakParagraph()
    {
        if (_headingLevel == 0) _lineBreaks = 2;
        _blanks = _headingLevel > 0 && _headingStart >= 0 ? 1 : 0;
    }

    /// <summary>What follows is a heading, up to <see cref="EndHeading"/>; it becomes one line.</summary>
    public void BeginHeading(int level)
    {
        EndHeading();
        BreakParagraph();
        _headingLevel = level;
        _headingStart = -1;
    }

    /// <summary>Ends a heading; one without words leaves nothing behind.</summary>
    public void EndHeading()
    {
        if (_headingLevel == 0) return;
        if (_headingStart >= 0)
        {
            string heading = _text.ToString(_headingStart, _text.Length - _headingStart);
            _sections.Add(new Section(_headingStart, _headingLevel, heading));
        }

        _headingLevel = 0;
        BreakParagraph();
    }

    /// <summary>What follows stands on the next page.</summary>
    public void BeginPage() => _pagesWaiting++;

    /// <summary>The document, or <see langword="null"/> where no text was added.</summary>
    public Document? Build(string id, string? title, string source)
    {
        EndHeading();
        if (_text.Length == 0) return null;
        for (; _pagesWaiting > 0; _pagesWaiting--) _pages.Add(_text.Length);
        string? oneLine = string.IsNullOrWhiteSpace(title) ? null : OneLine(UnicodeText.Normalize(title));
        return new Document(id, _text.ToString(), oneLine, source, _sections, _pages);
    }

    /// <summary>The words of a text, separated by single spaces.</summary>
    public static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static bool IsInvisible(char c) => char.IsControl(c) && !char.IsWhiteSpace(c);

    private void AppendVisible(char c)
    {
        if (_text.Length > 0)
        {
            _text.Append('\n', _lineBreaks);
            _text.Append(' ', _blanks);
        }

        _lineBreaks = 0;
        _blanks = 0;
        for (; _pagesWaiting > 0; _pagesWaiting--) _pages.Add(_text.Length);
        if (_headingLevel > 0 && _headingStart < 0) _headingStart = _text.Length;
        _text.Append(c);
    }
}
