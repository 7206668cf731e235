using System.Globalization;
using System.Runtime.CompilerServices;
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
    private static readonly HashSet<string> Paragraphs = new(StringComparer.Ordinal)
    {
        "address", "article", "aside", "blockquote", "body", "button", "details", "dialog", "div", "dl", "fieldset", "figure", "footer",
        "form", "header", "hgroup", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
    };

    private static readonly HashSet<string> Lines = new(StringComparer.Ordinal)
    {
        "br", "caption", "dd", "dt", "figcaption", "label", "legend", "li", "option", "summary", "tbody", "tfoot", "thead", "tr",
    };

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Extensions { get; } = [".html", ".htm", ".xhtml"];

    /// <inheritdoc/>
    public async IAsyncEnumerable<Document> ReadAsync(
        Stream stream, string source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ReadOnlyMemory<byte> bytes = await FileBytes.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
        (string? title, string html) = FrontMatter.Split(HtmlDecoder.Decode(bytes.Span));
        // An HTML parser reads <a id="x"/> as a link that is never closed, and <iframe/> as the beginning of what is no text.
        bool isXml = html.AsSpan().TrimStart().StartsWith("<?xml", StringComparison.Ordinal)
            || source.Contains(".xhtml", StringComparison.OrdinalIgnoreCase);
        if (isXml) html = SelfClosed.Replace(html, "<$1$2></$1>");
        if (Read(html, source, title) is { } document) yield return document;
    }

    /// <summary>Reads one page; the title defaults to its &lt;title&gt;.</summary>
    /// <param name="html">The page.</param>
    /// <param name="source">The file's name.</param>
    /// <param name="title">The title, where it is known from elsewhere.</param>
    /// <param name="isFragment">Whether it is text alone, such as rendered Markdown, without a site's banners around it.</param>
    internal static Document? Read(string html, string source, string? title, bool isFragment = false)
    {
        MarkupLimits.Require(html);
        using IHtmlDocument page = new HtmlParser().ParseDocument(html);
        if (page.Body is null) return null;
        title ??= page.QuerySelector("head > title")?.TextContent;
        // Pages exist that hide everything until a script has run.
        return Write(new PageChrome(page, isFragment), source, title)
            ?? Write(new PageChrome(page, isFragment, showsHidden: true), source, title);
    }

    private static Document? Write(PageChrome chrome, string source, string? title)
    {
        DocumentBuilder builder = new();
        foreach (IElement root in chrome.Roots) Write(root, chrome, builder);
        return builder.Build(source, title, source);
    }

    private static void Write(IElement root, PageChrome chrome, DocumentBuilder builder)
    {
        int verbatim = 0;
        PageChrome.Place place = new();
        MathNotation math = new(builder);
        Dictionary<IElement, string> endings = [];
        ElementTree.Walk(
            root,
            enter: (node, next) =>
            {
                if (node is IText text)
                {
                    if (MathNotation.IsSpacing(text)) return false;
                    string data = text.Data.Replace('\u2044', '/');
                    if (verbatim > 0) builder.AppendVerbatim(data);
                    else builder.Append(data);
                }

                if (node is not IElement element || (element != root && chrome.IsLeftOut(element, place))) return false;
                if (math.TryBegin(element, out bool isWritten)) return !isWritten;
                string name = element.LocalName;
                if (HeadingLevel(element) is { } level) builder.BeginHeading(level);
                else if (Paragraphs.Contains(name)) builder.BreakParagraph();
                else if (Lines.Contains(name)) builder.BreakLine();
                if (name is "sup" or "sub")
                {
                    if (ScriptNotation.Write(element, next, builder) is not { } ending) return false;
                    endings.Add(element, ending);
                }

                place.Enter(element);
                if (name is "pre") verbatim++;
                return true;
            },
            leave: element =>
            {
                if (math.TryEnd(element)) return;
                string name = element.LocalName;
                if (HeadingLevel(element) is not null) builder.EndHeading();
                else if (Paragraphs.Contains(name)) builder.BreakParagraph();
                else if (name is "td" or "th") builder.Append(" ");
                else if (name is not "br" && Lines.Contains(name)) builder.BreakLine();
                if (endings.Remove(element, out string? ending)) builder.Append(ending);
                place.Leave(element);
                if (name is "pre") verbatim--;
            });
    }

    private static int? HeadingLevel(IElement element)
    {
        if (element.LocalName is ['h', >= '1' and <= '6'] name) return name[1] - '0';
        if (element.GetAttribute("role") is not "heading") return null;
        return int.TryParse(element.GetAttribute("aria-level"), CultureInfo.InvariantCulture, out int level) ? Math.Clamp(level, 1, 6) : 2;
    }

    [GeneratedRegex("""<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)((?>[a-z][\w:-]*))([^<>]*)/>""", RegexOptions.IgnoreCase)]
    private static partial Regex SelfClosed { get; }
}
