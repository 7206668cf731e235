using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using GenQ.Data;
using Document = GenQ.Data.Document;

namespace GenQ.Documents;

/// <summary>
/// Reads the main text of an HTML page: headings become sections, blocks become paragraphs, code keeps its lines;
/// navigation, banners and footers are left out.
/// </summary>
public sealed partial class HtmlReader : IDocumentReader
{
    private static readonly HashSet<string> NeverText = new(StringComparer.Ordinal)
    {
        "head", "script", "style", "noscript", "template", "iframe", "object", "svg", "canvas", "audio", "video", "button", "select",
        "textarea", "annotation", "annotation-xml",
    };

    private static readonly HashSet<string> Paragraphs = new(StringComparer.Ordinal)
    {
        "address", "article", "aside", "blockquote", "body", "details", "dialog", "div", "dl", "fieldset", "figure", "footer", "form",
        "header", "hgroup", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
    };

    private static readonly HashSet<string> Lines = new(StringComparer.Ordinal)
    {
        "br", "caption", "dd", "dt", "figcaption", "legend", "li", "option", "summary", "tbody", "tfoot", "thead", "tr",
    };

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Extensions { get; } = [".html", ".htm", ".xhtml"];

    /// <inheritdoc/>
    public async IAsyncEnumerable<Document> ReadAsync(
        Stream stream, string source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ReadOnlyMemory<byte> bytes = await FileBytes.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
        string html = TextDecoder.Decode(bytes.Span, DeclaredEncoding(bytes.Span));
        // An HTML parser reads <a id="x"/> as a link that is never closed, and <iframe/> as the beginning of what is no text.
        bool isXml = html.AsSpan().TrimStart().StartsWith("<?xml", StringComparison.Ordinal) || source.Contains(".xhtml", StringComparison.OrdinalIgnoreCase);
        if (isXml) html = SelfClosed.Replace(html, "<$1$2></$1>");
        if (Read(html, source, title: null) is { } document) yield return document;
    }

    /// <summary>Reads one page; the title defaults to its &lt;title&gt;.</summary>
    internal static Document? Read(string html, string source, string? title)
    {
        using IHtmlDocument page = new HtmlParser().ParseDocument(html);
        if (page.Body is null) return null;
        Dictionary<IElement, TextLength> lengths = Measure(page.Body);
        DocumentBuilder builder = new();
        Write(MainElement(page, lengths), lengths, builder);
        return builder.Build(source, title ?? page.QuerySelector("head > title")?.TextContent, source);
    }

    private static IElement MainElement(IHtmlDocument page, Dictionary<IElement, TextLength> lengths)
    {
        // What has no length is not shown, such as what stands in for scripts.
        IEnumerable<IElement> Shown(string selector)
            => page.QuerySelectorAll(selector).Where(element => lengths.TryGetValue(element, out TextLength length) && length.All > 0);
        if (Shown("main, [role=main]").FirstOrDefault() is { } main) return main;
        // The only article is the page, unless it is a small part of it, such as a comment below it.
        return Shown("article").ToArray() is [var article] && lengths[article].OfItsOwn * 2 >= lengths[page.Body!].OfItsOwn ? article : page.Body!;
    }

    private static void Write(IElement root, Dictionary<IElement, TextLength> lengths, DocumentBuilder builder)
    {
        int article = 0, verbatim = 0;
        Walk(
            root,
            enter: node =>
            {
                if (node is IText text)
                {
                    if (verbatim > 0) builder.AppendVerbatim(text.Data);
                    else builder.Append(text.Data);
                }

                if (node is not IElement element) return false;
                string name = element.LocalName;
                if (element != root && IsLeftOut(element, insideArticle: article > 0, lengths, lengths[root])) return false;
                if (HeadingLevel(name) is { } level) builder.BeginHeading(level);
                else if (Paragraphs.Contains(name)) builder.BreakParagraph();
                else if (Lines.Contains(name)) builder.BreakLine();
                if (name is "article" or "main") article++;
                if (name is "pre") verbatim++;
                return true;
            },
            leave: element =>
            {
                string name = element.LocalName;
                if (HeadingLevel(name) is not null) builder.EndHeading();
                else if (Paragraphs.Contains(name)) builder.BreakParagraph();
                else if (name is "td" or "th") builder.Append(" ");
                else if (name is not "br" && Lines.Contains(name)) builder.BreakLine();
                if (name is "article" or "main") article--;
                if (name is "pre") verbatim--;
            });
    }

    private static int? HeadingLevel(string name) => name is ['h', >= '1' and <= '6'] ? name[1] - '0' : null;

    private static bool IsLeftOut(IElement element, bool insideArticle, Dictionary<IElement, TextLength> lengths, TextLength page)
    {
        string name = element.LocalName;
        if (NeverText.Contains(name) || element.HasAttribute("hidden")) return true;
        if (element.GetAttribute("aria-hidden") is "true" || element.ClassList.Contains("headerlink")) return true;
        if (name is "nav" || (name is "aside" or "header" or "footer" && !insideArticle)) return true;
        if (element.GetAttribute("role") is "navigation" or "banner" or "contentinfo" or "search") return true;

        TextLength text = lengths[element];
        if (name is "a" && text.All == 1 && element.TextContent.Trim() is "¶" or "#" or "§") return true;

        // Beside an article stand lists of other pages, inside it notes and warnings.
        bool isMostlyLinks = text.InLinks * 2 >= text.All, isMostOfThePage = text.All * 2 >= page.All;
        if (name is "aside" && isMostlyLinks) return true;
        // Some sites wrap whole pages into one form.
        if (name is "form") return !isMostOfThePage;

        // Names alone would lose admonitions and tables of contents that are text: what is left out must be links, too.
        string names = $"{element.ClassName} {element.Id}";
        if (isMostOfThePage || !NavigationName.IsMatch(names)) return false;
        return isMostlyLinks || AlwaysNavigation.IsMatch(names);
    }

    /// <summary>Counts the visible characters under every element, and those of them that are inside links.</summary>
    private static Dictionary<IElement, TextLength> Measure(IElement root)
    {
        Dictionary<IElement, TextLength> lengths = [];
        Stack<TextLength> open = new([default]);
        int links = 0;
        Walk(
            root,
            enter: node =>
            {
                if (node is IText text)
                {
                    int visible = 0;
                    foreach (char c in text.Data)
                    {
                        if (!char.IsWhiteSpace(c)) visible++;
                    }

                    open.Push(open.Pop().Plus(new TextLength(visible, links > 0 ? visible : 0)));
                }

                if (node is not IElement element) return false;
                if (NeverText.Contains(element.LocalName))
                {
                    lengths[element] = default;
                    return false;
                }

                if (IsLink(element)) links++;
                open.Push(default);
                return true;
            },
            leave: element =>
            {
                if (IsLink(element)) links--;
                TextLength length = open.Pop();
                lengths[element] = length;
                open.Push(open.Pop().Plus(length));
            });
        return lengths;

        static bool IsLink(IElement element) => element.LocalName is "a" && element.HasAttribute("href");
    }

    /// <summary>
    /// Visits a tree in document order without recursion: pages exist that nest deeper than a thread's stack. Children are
    /// taken by index because a node finds its next sibling by searching its parent.
    /// </summary>
    private static void Walk(IElement root, Func<INode, bool> enter, Action<IElement> leave)
    {
        if (!enter(root)) return;
        Stack<(IElement Element, int Next)> path = new([(root, 0)]);
        while (path.TryPop(out (IElement Element, int Next) top))
        {
            if (top.Next == top.Element.ChildNodes.Length)
            {
                leave(top.Element);
                continue;
            }

            path.Push(top with { Next = top.Next + 1 });
            INode child = top.Element.ChildNodes[top.Next];
            if (enter(child)) path.Push(((IElement)child, 0));
        }
    }

    private static Encoding? DeclaredEncoding(ReadOnlySpan<byte> bytes)
    {
        string head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 1024)]);
        Match declared = Charset.Match(head);
        if (!declared.Success) return null;
        try
        {
            string name = declared.Groups[1].Value;
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex("""(?:charset|encoding)\s*=\s*["']?([\w:.-]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Charset { get; }

    [GeneratedRegex("""<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)([a-z][\w:-]*)([^<>]*)/>""", RegexOptions.IgnoreCase)]
    private static partial Regex SelfClosed { get; }

    [GeneratedRegex(
        """
        (?:^|[\s_-])
        (?:nav|navbar|navheader|navfooter|navigation|docnav|sphinxsidebar|breadcrumbs?|menu|footer|related|skip)
        (?:$|[\s_-])
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex NavigationName { get; }

    [GeneratedRegex("""(?:^|\s)nav(?:header|footer)(?:$|\s)""", RegexOptions.IgnoreCase)]
    private static partial Regex AlwaysNavigation { get; }

    private readonly record struct TextLength(int All, int InLinks)
    {
        public int OfItsOwn => All - InLinks;

        public TextLength Plus(TextLength other) => new(All + other.All, InLinks + other.InLinks);
    }
}
