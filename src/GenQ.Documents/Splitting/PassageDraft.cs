namespace GenQ.Documents;

/// <summary>A passage in the making: units from a fixed first one up to, and without, <see cref="Next"/>.</summary>
internal sealed class PassageDraft
{
    private readonly TextUnit[] _units;
    private readonly SectionTree _sections;
    private readonly int _first;
    private int _firstBody = -1;
    private int _common = SectionTree.Root;
    private int _words;
    private int _tokens;

    public PassageDraft(TextUnit[] units, SectionTree sections, int first)
    {
        _units = units;
        _sections = sections;
        _first = first;
        Next = first;
        FirstShown = first;
    }

    /// <summary>The unit after the last one.</summary>
    public int Next { get; private set; }

    /// <summary>Whether there is more than headings.</summary>
    public bool HasBody => _firstBody >= 0;

    /// <summary>The first unit of the text: the headings before it stand in the title.</summary>
    public int FirstShown { get; private set; }

    /// <summary>The title: the path of the deepest section that holds the whole passage.</summary>
    public PassageTitle Title => _sections.Title(_common);

    /// <summary>Words of the text, without the title's.</summary>
    public int Words { get; private set; }

    /// <summary>Tokens of title and text.</summary>
    public int Tokens { get; private set; }

    /// <summary>Sections that begin inside the text.</summary>
    public int JoinedSections { get; private set; }

    /// <summary>Headings above the first words that stand neither in the title nor in the text.</summary>
    public int LostHeadings { get; private set; }

    /// <summary>Takes one more unit.</summary>
    public void Extend()
    {
        TextUnit unit = _units[Next++];
        _words += unit.Words;
        _tokens += unit.Tokens;
        int common = _common;
        if (!HasBody)
        {
            if (!unit.IsHeading) _firstBody = Next - 1;
            common = CommonOfBeginning();
        }
        else
        {
            common = _sections.Common(common, unit.Section);
            if (unit.IsHeading) JoinedSections++;
        }

        if (common != _common || !HasBody || Next - 1 == _firstBody) Place(common);
        else CountShown();
    }

    /// <summary>Whether it is longer than passages may be.</summary>
    public bool IsOver(PassageSplitterOptions options) =>
        Words > options.MaxWords || (options.CountTokens is not null && Tokens > options.MaxTokens);

    // Headings that hold the first words belong to the title; one of an empty section before them is joined text.
    private int CommonOfBeginning()
    {
        int common = HasBody ? _units[_firstBody].Section : _sections.Parent(_units[_first].Section);
        JoinedSections = 0;
        for (int i = _first; i < (HasBody ? _firstBody : Next); i++)
        {
            if (HasBody && _sections.Holds(_units[i].Section, _units[_firstBody].Section)) continue;
            common = _sections.Common(common, _sections.Parent(_units[i].Section));
            JoinedSections++;
        }

        return common;
    }

    private void Place(int common)
    {
        _common = common;
        int bodyStart = HasBody ? _firstBody : Next;
        FirstShown = _first;
        if (HasBody)
        {
            while (FirstShown < bodyStart && _sections.Names(common, _units[FirstShown].Section)) FirstShown++;
        }

        LostHeadings = 0;
        for (int s = _units[_first].Section; !_sections.Holds(s, common); s = _sections.Parent(s))
        {
            if (_sections[s].Start < _units[_first].Start) LostHeadings++;
        }

        CountShown();
    }

    private void CountShown()
    {
        int words = _words, tokens = _tokens;
        for (int i = _first; i < FirstShown; i++)
        {
            words -= _units[i].Words;
            tokens -= _units[i].Tokens;
        }

        Words = words;
        Tokens = tokens + Title.Tokens;
    }
}
