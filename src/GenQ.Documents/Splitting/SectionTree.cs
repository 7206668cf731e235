using GenQ.Data;

namespace GenQ.Documents;

/// <summary>The headings of a document as a tree, and the titles that passages below them get.</summary>
internal sealed class SectionTree
{
    /// <summary>The section of text that stands under no heading.</summary>
    public const int Root = -1;

    // A longer "heading" is a paragraph that somebody set in large type.
    private const int LongestHeading = 24;

    private const int LongestTitle = 60;

    private readonly string? _documentTitle;
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<int, PassageTitle> _titles = [];
    private readonly TextMeasure _measure;
    private readonly int _maxTokens;

    public SectionTree(Document document, TextMeasure measure, int maxTokens)
    {
        _documentTitle = document.Title;
        _measure = measure;
        _maxTokens = maxTokens;
        int open = Root;
        foreach (Section section in document.Sections)
        {
            if (TextMeasure.Words(section.Heading) > LongestHeading || measure.Tokens(section.Heading) > maxTokens / 4) continue;
            while (open != Root && _nodes[open].Section.Level >= section.Level) open = _nodes[open].Parent;
            _nodes.Add(new Node(section, open, Depth(open) + 1));
            open = _nodes.Count - 1;
        }
    }

    /// <summary>How many sections there are.</summary>
    public int Count => _nodes.Count;

    /// <summary>A section's heading and its place.</summary>
    public Section this[int section] => _nodes[section].Section;

    /// <summary>The section above.</summary>
    public int Parent(int section) => _nodes[section].Parent;

    /// <summary>The deepest section that holds both.</summary>
    public int Common(int a, int b)
    {
        while (a != b)
        {
            if (Depth(a) >= Depth(b)) a = Parent(a);
            else b = Parent(b);
        }

        return a;
    }

    /// <summary>Whether a section is, or holds, the other one.</summary>
    public bool Holds(int section, int other) => Common(section, other) == section;

    /// <summary>Whether the title of passages in <paramref name="section"/> names the heading of <paramref name="heading"/>.</summary>
    public bool Names(int section, int heading) => Holds(heading, section) && Depth(section) - Depth(heading) < Title(section).Headings;

    /// <summary>
    /// The title of passages in a section: the document's title, then the headings from the top down. What would make it
    /// too long is left off from the top.
    /// </summary>
    public PassageTitle Title(int section)
    {
        if (!_titles.TryGetValue(section, out PassageTitle? title)) _titles[section] = title = MakeTitle(section);
        return title;
    }

    private PassageTitle MakeTitle(int section)
    {
        LinkedList<string> parts = [];
        for (int s = section; s != Root; s = Parent(s)) parts.AddFirst(this[s].Heading);
        int headings = parts.Count;
        if (_documentTitle is not null)
        {
            // Web pages call themselves "Heading - Site": the longer of two that hold each other says it all.
            if (parts.First is null || !Contains(parts.First.Value, _documentTitle))
            {
                if (parts.First is { } first && Contains(_documentTitle, first.Value)) parts.RemoveFirst();
                parts.AddFirst(_documentTitle);
            }
        }

        while (parts.Count > 0)
        {
            string title = string.Join(" > ", parts);
            int tokens = _measure.Tokens(title);
            if (TextMeasure.Words(title) <= LongestTitle && tokens <= _maxTokens / 2)
                return new PassageTitle(title, Math.Min(headings, parts.Count), tokens);
            parts.RemoveFirst();
            headings = Math.Min(headings, parts.Count);
        }

        return new PassageTitle(null, 0, 0);
    }

    private static bool Contains(string text, string words) => $" {text} ".Contains($" {words} ", StringComparison.OrdinalIgnoreCase);

    private int Depth(int section) => section == Root ? 0 : _nodes[section].Depth;

    private sealed record Node(Section Section, int Parent, int Depth);
}
