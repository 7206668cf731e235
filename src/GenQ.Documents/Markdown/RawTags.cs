using System.Text;
using System.Text.RegularExpressions;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace GenQ.Documents;

/// <summary>
/// Tells tags that mark up Markdown from tags that its text names, such as <c>List&lt;Object&gt;</c> or "the &lt;script&gt; tag". A browser
/// would take the latter for markup, too, and hide all that follows.
/// </summary>
/// <remarks>
/// A tag is markup where it is closed, or needs no end. The tags that GitHub's filter names, and others whose content is no text, are
/// markup within a paragraph only with attributes.
/// </remarks>
internal sealed partial class RawTags
{
    // They have no end tag.
    private static readonly HashSet<string> Void = Names("area base br col embed hr img input link meta param source track wbr");

    // They show something by themselves.
    private static readonly HashSet<string> ShownAlone = Names("br hr wbr");

    // Their content is no text on a page, or reads the following tags in a way of its own.
    private static readonly HashSet<string> Swallowing = Names(
        "applet aside audio base body button canvas datalist embed footer form frame frameset head header html iframe link listing "
        + "math meta nav noembed noframes noscript object plaintext script select style svg template textarea title video xmp");

    private static readonly HashSet<string> RawText = Names("iframe noembed noframes script style textarea title xmp");

    // A browser ends them by itself.
    private static readonly HashSet<string> OptionalEnd = Names(
        "caption colgroup dd dt li optgroup option p rp rt tbody td tfoot th thead tr");

    private static readonly HashSet<string> Known = Names(
        "a abbr acronym address article b bdi bdo big blockquote center cite code data del details dfn dialog dir div dl em fieldset "
        + "figcaption figure font h1 h2 h3 h4 h5 h6 hgroup i image ins kbd label legend main map mark menu meter nobr ol output "
        + "picture pre progress q ruby s samp search section slot small span strike strong sub summary sup table time tt u ul var");

    private static readonly HashSet<string> Flags = Names(
        "async autofocus autoplay checked controls default defer disabled hidden inert ismap itemscope loop multiple muted nomodule "
        + "novalidate open playsinline readonly required reversed selected allowfullscreen");

    private readonly List<Tag> _open = [];
    private readonly List<Tag> _tags = [];

    /// <summary>Turns the tags that are no markup into text.</summary>
    public static void Escape(MarkdownDocument document)
    {
        RawTags tags = new();
        List<(HtmlBlock Block, string Html)> blocks = [];
        foreach (MarkdownObject node in document.Descendants())
        {
            if (node is HtmlBlock block)
            {
                string html = block.Lines.ToString();
                blocks.Add((block, html));
                tags.Read(block, html);
            }
            else if (node is HtmlInline { Tag: ['<', not ('!' or '?'), ..] } inline)
            {
                tags.Add(new Tag(TagPattern.Match(inline.Tag), inline, 0), Paragraph(inline));
            }
        }

        foreach (Tag tag in tags._tags)
        {
            if (tag.Node is HtmlInline inline && Replacement(tag) is { } html)
            {
                if (html.StartsWith("&lt;", StringComparison.Ordinal)) inline.ReplaceBy(new LiteralInline(inline.Tag));
                else inline.Tag = html;
            }
        }

        ILookup<MarkdownObject, Tag> byBlock = tags._tags.Where(tag => tag.Node is HtmlBlock).ToLookup(tag => tag.Node);
        foreach ((HtmlBlock block, string html) in blocks)
        {
            StringBuilder escaped = new();
            int copied = 0;
            foreach (Tag tag in byBlock[block])
            {
                if (Replacement(tag) is not { } replacement) continue;
                escaped.Append(html, copied, tag.Start - copied).Append(replacement);
                copied = tag.Start + tag.Text.Length;
            }

            if (copied > 0) block.Lines = new StringLineGroup(escaped.Append(html, copied, html.Length - copied).ToString());
        }
    }

    /// <summary>What stands in a tag's place, or <see langword="null"/> where it stays.</summary>
    private static string? Replacement(Tag tag)
    {
        if (!tag.IsMarkup) return "&lt;" + tag.Text[1..];
        // An HTML parser does not know elements that close themselves.
        return tag.ClosesItself && !Void.Contains(tag.Name) ? $"{tag.Text[..^1].TrimEnd('/')}></{tag.Name}>" : null;
    }

    private static LeafBlock? Paragraph(Inline inline)
    {
        ContainerInline? container = inline.Parent;
        while (container?.Parent is { } parent) container = parent;
        return container?.ParentBlock;
    }

    /// <summary>Finds the tags of an HTML block; those in comments and scripts are none.</summary>
    private void Read(HtmlBlock block, string html)
    {
        int at = 0;
        while (at < html.Length && html.IndexOf('<', at) is >= 0 and int start)
        {
            at = start + 1;
            if (at == html.Length) break;
            if (html.AsSpan(start).StartsWith("<!--", StringComparison.Ordinal))
            {
                int end = html.IndexOf("-->", start + 2, StringComparison.Ordinal);
                if (end >= 0) at = end + 3;
                else _tags.Add(new Tag("<", block, start));
                continue;
            }

            if (!char.IsAsciiLetter(html[at]) && html[at] != '/') continue;
            Match match = TagPattern.Match(html, start);
            if (!match.Success)
            {
                // Without its end it would take the text that follows for attributes.
                _tags.Add(new Tag("<", block, start));
                continue;
            }

            at = start + match.Length;
            Tag tag = new(match, block, start);
            Add(tag, block);
            if (tag.IsEnd || !RawText.Contains(tag.Name)) continue;
            int close = html.IndexOf("</" + tag.Name, at, StringComparison.OrdinalIgnoreCase);
            if (close >= 0) at = close;
        }
    }

    private void Add(Tag tag, object? place)
    {
        tag.Place = place;
        _tags.Add(tag);
        if (tag.IsEnd)
        {
            Close(tag);
            return;
        }

        bool isInline = tag.Node is HtmlInline, isInside = _open.TakeLast(MostDepth).Any(open => open.Place == place);
        if (tag.Name is "plaintext" or "frameset" or "frame") return;
        if (Void.Contains(tag.Name))
        {
            bool isShown = ShownAlone.Contains(tag.Name) || (tag.HasAttributes && (isInside || !Swallowing.Contains(tag.Name)));
            tag.IsMarkup = !isInline || isShown;
        }
        else if (tag.ClosesItself) tag.IsMarkup = !isInline || tag.HasAttributes;
        else if (isInline && Swallowing.Contains(tag.Name) && !tag.HasAttributes) return;
        else
        {
            bool isKnown = Known.Contains(tag.Name) || OptionalEnd.Contains(tag.Name);
            tag.IsMarkup = isKnown && !tag.Hides && (!isInline || (tag.HasAttributes && !OptionalEnd.Contains(tag.Name)));
            _open.Add(tag);
        }
    }

    /// <summary>
    /// Closes the nearest open tag of the name; what swallows text is closed where it was opened, in a paragraph or in HTML.
    /// </summary>
    private void Close(Tag end)
    {
        int depth = 0;
        for (int i = _open.Count - 1; i >= 0 && depth < MostDepth; i--, depth++)
        {
            Tag open = _open[i];
            if (open.Name != end.Name) continue;
            bool isSamePlace = open.Place == end.Place, areBlocks = open.Node is HtmlBlock && end.Node is HtmlBlock;
            if ((Swallowing.Contains(open.Name) || open.Hides) && !isSamePlace && !areBlocks) continue;
            open.IsMarkup = end.IsMarkup = true;
            // Elements without an end of their own between the two are their children.
            for (int child = i + 1; child < _open.Count; child++)
            {
                if (OptionalEnd.Contains(_open[child].Name)) _open[child].IsMarkup = true;
            }

            _open.RemoveRange(i, _open.Count - i);
            return;
        }

        end.IsMarkup = end.Node is HtmlBlock && !Swallowing.Contains(end.Name);
    }

    private const int MostDepth = 256;

    private static HashSet<string> Names(string names) => new(names.Split(' '), StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("""\G<(?<end>/?)(?<name>(?>[a-z][^\s/<>]*))(?<attributes>(?>(?:"[^"]*"|'[^']*'|[^'"<>])*))>""", RegexOptions.IgnoreCase)]
    private static partial Regex TagPattern { get; }

    [GeneratedRegex("""[^\s"'=/]+\s*=\s*["']?[^\s"']|(?:^|\s)(?<flag>[a-z]+)(?=\s|/|$)""", RegexOptions.IgnoreCase)]
    private static partial Regex Attributes { get; }

    [GeneratedRegex(
        """(?:^|\s)hidden\b|aria-hidden|display\s*:\s*none|role\s*=\s*["']?(?:navigation|banner|contentinfo|search)""",
        RegexOptions.IgnoreCase)]
    private static partial Regex Hiding { get; }

    /// <summary>Begins no HTML block that would never end: an unclosed script would take all that follows with it.</summary>
    internal sealed class BlockParser : HtmlBlockParser
    {
        private static readonly object NoEnd = new();

        /// <inheritdoc/>
        public override BlockState TryOpen(BlockProcessor processor)
        {
            if (EndOfRaw(processor.Line) is not { } end) return base.TryOpen(processor);
            HashSet<string> unclosed = (HashSet<string>?)processor.Document.GetData(NoEnd) ?? new(StringComparer.Ordinal);
            string text = processor.Line.Text;
            bool isClosed = !unclosed.Contains(end) && text.IndexOf(end, processor.Line.Start + 1, StringComparison.OrdinalIgnoreCase) >= 0;
            if (isClosed) return base.TryOpen(processor);
            // What is not there is not there for later lines either, and is searched for once.
            unclosed.Add(end);
            processor.Document.SetData(NoEnd, unclosed);
            return BlockState.None;
        }

        /// <summary>What ends a block that empty lines do not end; a sentence that begins with a tag is no such block.</summary>
        private static string? EndOfRaw(StringSlice line)
        {
            ReadOnlySpan<char> text = line.AsSpan().TrimStart();
            if (text.StartsWith("<!--", StringComparison.Ordinal)) return "-->";
            if (text.StartsWith("<?", StringComparison.Ordinal)) return "?>";
            if (text.StartsWith("<![CDATA[", StringComparison.Ordinal)) return "]]>";
            if (RawStart.Match(line.ToString()) is not { Success: true } start) return null;
            return start.Groups["prose"].Success ? "\0" : $"</{start.Groups["name"].Value.ToLowerInvariant()}>";
        }
    }

    [GeneratedRegex(
        """^\s*<(?<name>script|style|textarea|pre)(?:(?=\s|$)|>(?<prose>[ \t]+\p{L}[^{};=()<]*$)?)""", RegexOptions.IgnoreCase)]
    private static partial Regex RawStart { get; }

    private sealed class Tag
    {
        public Tag(Match match, MarkdownObject node, int start)
        {
            (Node, Start, Text) = (node, start, match.Value);
            Name = match.Groups["name"].Value.ToLowerInvariant();
            IsEnd = match.Groups["end"].Length > 0;
            string attributes = match.Groups["attributes"].Value;
            ClosesItself = attributes.EndsWith('/');
            Hides = Hiding.IsMatch(attributes);
            HasAttributes = Attributes.Matches(attributes)
                .Any(found => found.Groups["flag"] is var flag && (!flag.Success || Flags.Contains(flag.Value)));
        }

        /// <summary>A bracket that belongs to no tag.</summary>
        public Tag(string text, MarkdownObject node, int start) => (Node, Start, Text, Name) = (node, start, text, "");

        public MarkdownObject Node { get; }

        public int Start { get; }

        public string Text { get; }

        public string Name { get; }

        public bool IsEnd { get; }

        public bool ClosesItself { get; }

        public bool Hides { get; }

        /// <summary>Whether it has an attribute as HTML knows them; the words of &lt;your name&gt; are none.</summary>
        public bool HasAttributes { get; }

        /// <summary>The paragraph or the HTML block that it stands in.</summary>
        public object? Place { get; set; }

        public bool IsMarkup { get; set; }
    }
}
