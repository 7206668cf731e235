using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>
/// Reads the XML documentation files that .NET compilers write: each member becomes one document with its name, summary,
/// parameters, return value, exceptions, remarks and examples in words.
/// </summary>
/// <remarks>
/// Whether an .xml file is one is told by its root: <c>doc</c> with <c>members</c>. Other files are refused. Where the XML is broken, a
/// member is lost,
/// and the last document says so.
/// </remarks>
public sealed partial class XmlDocumentationReader : IDocumentReader
{
    // The compiler writes a few levels; a file deeper than this was made to overflow the stack.
    private const int DeepestNesting = 100;

    // Beyond so many the file is no XML.
    private const int MostBreaks = 100;

    // Tags that have words of their own before them, and a place of their own.
    private static readonly HashSet<string> Labelled = new(StringComparer.Ordinal)
    {
        "summary", "overloads", "typeparam", "param", "value", "returns", "exception", "permission", "remarks", "example",
    };

    // What XML may not hold as itself.
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c).Except(['\t', '\n', '\r']), '\uFFFE', '\uFFFF']);

    private static readonly XmlReaderSettings Settings = new()
    {
        // For a control character, written as &#x1B;, no member need be lost.
        CheckCharacters = false,
        // Other XML often has one; what it declares is neither fetched nor expanded.
        DtdProcessing = DtdProcessing.Ignore,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Extensions { get; } = [".xml"];

    /// <inheritdoc/>
    public async IAsyncEnumerable<Document> ReadAsync(
        Stream stream, string source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ReadOnlyMemory<byte> bytes = await FileBytes.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
        string xml = WithoutForbidden(TextDecoder.Decode(bytes.Span, DeclaredEncoding(bytes.Span)));
        Dictionary<string, string[]> knownTypes = new(StringComparer.Ordinal);
        HashSet<string> seen = new(StringComparer.Ordinal);
        List<string> breaks = [];
        Document? last = null;
        foreach (XElement member in Members(xml, breaks))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ReadMember(member, source, knownTypes) is not { } document || !seen.Add(document.Id)) continue;
            if (last is not null) yield return last;
            last = document;
        }

        if (breaks.Count == 0)
        {
            if (last is not null) yield return last;
            yield break;
        }

        string first = breaks.Count == 1
            ? $"The XML is broken: {breaks[0]}"
            : $"The XML is broken in {breaks.Count} places, first: {breaks[0]}";
        if (last is null) throw new GenQException(first);
        yield return last with { Unread = $"{first} What stands there was not read." };
    }

    // Behind a break the next member begins anew.
    private static IEnumerable<XElement> Members(string xml, List<string> breaks)
    {
        const string Start = "<doc><members>";
        for (string? rest = xml; rest is not null;)
        {
            RequireShallow(rest);
            using XmlReader reader = XmlReader.Create(new StringReader(rest), Settings);
            string? behind = null;
            (int Line, int Position) begun = default;
            while (true)
            {
                XElement? member;
                try
                {
                    member = NextMember(reader, ref begun);
                }
                catch (XmlException e)
                {
                    breaks.Add(e.Message);
                    // What was never closed shows its fault far behind.
                    int from = OffsetOf(rest, begun == default ? (e.LineNumber, e.LinePosition) : begun);
                    int next = breaks.Count == MostBreaks ? -1 : rest.IndexOf("<member ", from, StringComparison.Ordinal);

                    // Blank lines in place of what was read keep the numbers of lines and columns.
                    if (next >= 0)
                    {
                        ReadOnlySpan<char> before = rest.AsSpan(0, next);
                        int lines = before.Count('\n'), column = next - 1 - before.LastIndexOf('\n');
                        if (lines == 0) column = Math.Max(0, column - Start.Length);
                        behind = Start + new string('\n', lines) + new string(' ', column) + rest[next..];
                    }

                    break;
                }

                if (member is null) break;
                yield return member;
            }

            rest = behind;
        }
    }

    private static int OffsetOf(string text, (int Line, int Position) place)
    {
        int start = 0;
        for (int line = 1; line < place.Line; line++) start = text.IndexOf('\n', start) + 1;
        return Math.Clamp(start + place.Position - 1, 0, text.Length);
    }

    private static string WithoutForbidden(string xml) => xml.AsSpan().IndexOfAny(Forbidden) < 0
        ? xml
        : string.Create(xml.Length, xml, static (allowed, xml) => xml.AsSpan().ReplaceAny(allowed, Forbidden, ' '));

    // What a text says of its own encoding is not seen any more when it is text.
    private static Encoding? DeclaredEncoding(ReadOnlySpan<byte> bytes)
    {
        Match declared = EncodingDeclaration.Match(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 256)]));
        return declared.Success ? TextDecoder.Named(declared.Groups[1].Value) : null;
    }

    // An element in memory takes a time that grows with the square of its depth, and its value is gathered by recursion.
    private static void RequireShallow(string xml)
    {
        using XmlReader reader = XmlReader.Create(new StringReader(xml), Settings);
        try
        {
            while (reader.Read())
            {
                if (reader.Depth > DeepestNesting) throw new GenQException($"The XML documentation nests deeper than {DeepestNesting} elements.");
            }
        }
        catch (XmlException)
        {
            // What is broken is told when it is reached, behind the members before it.
        }
    }

    private static XElement? NextMember(XmlReader reader, ref (int Line, int Position) begun)
    {
        if (reader.ReadState == ReadState.Initial)
        {
            reader.MoveToContent();
            if (reader.NodeType != XmlNodeType.Element || reader.Name != "doc" || !reader.ReadToDescendant("members"))
            {
                throw new GenQException(
                    $"The XML is not a .NET documentation file: its root is <{reader.Name}>, expected <doc> with <members>.");
            }

            reader.Read();
        }

        while (!reader.EOF && !(reader.NodeType == XmlNodeType.EndElement && reader.Name == "members"))
        {
            if (reader.NodeType == XmlNodeType.Element && reader.Name == "member")
            {
                IXmlLineInfo place = (IXmlLineInfo)reader;
                begun = (place.LineNumber, place.LinePosition);
                return (XElement)XNode.ReadFrom(reader);
            }

            if (reader.NodeType == XmlNodeType.Element) reader.Skip();
            else reader.Read();
        }

        return null;
    }

    private static Document? ReadMember(XElement member, string source, Dictionary<string, string[]> knownTypes)
    {
        if ((string?)member.Attribute("name") is not { Length: > 2 } name || name[1] != ':') return null;
        string[] own = [.. member.Elements("typeparam").Select(p => (string?)p.Attribute("name") ?? "T")];
        if (name[0] == 'T')
        {
            own = [.. knownTypes.GetValueOrDefault(XmlMemberName.ContainerOf(name[2..])) ?? [], .. own];
            knownTypes[name[2..]] = own;
        }

        XmlMemberName readable = XmlMemberName.Parse(name, own, knownTypes);

        DocumentBuilder builder = new();
        builder.Append(readable.Sentence);
        builder.BreakParagraph();
        int words = 0;
        AddEach("summary", _ => "");
        AddEach("overloads", _ => "Overloads: ");
        AddUnlabelled();
        AddEach("typeparam", p => $"Type parameter {(string?)p.Attribute("name")}: ");
        AddEach("param", p => $"Parameter {(string?)p.Attribute("name")}: ");
        AddEach("value", _ => "Value: ");
        AddEach("returns", _ => "Returns: ");
        AddEach("exception", p => $"Throws {XmlMemberName.Reference((string?)p.Attribute("cref"))}: ");
        AddEach("permission", p => $"Permission {XmlMemberName.Reference((string?)p.Attribute("cref"))}: ");
        AddEach("remarks", _ => "Remarks: ");
        AddEach("example", _ => "Example: ");
        return words == 0 ? null : builder.Build($"{source}#{name}", readable.Title, source);

        void AddEach(string tag, Func<XElement, string> label)
        {
            foreach (XElement element in member.Elements(tag))
            {
                bool isEmpty = string.IsNullOrWhiteSpace(element.Value) && !element.HasElements;

                // What is thrown is said by the name alone, too.
                if (isEmpty && string.IsNullOrEmpty((string?)element.Attribute("cref"))) continue;
                words++;
                builder.BreakParagraph();
                builder.Append(isEmpty ? label(element).Replace(": ", ".", StringComparison.Ordinal) : label(element));
                Write(element.Nodes(), builder);
            }
        }

        // Text, lists and tags of other tools that stand in the member itself; references alone are no words.
        void AddUnlabelled()
        {
            XNode[] nodes = [.. member.Nodes().Where(node => node is XText || (node is XElement element
                && !Labelled.Contains(element.Name.LocalName)
                && (element.Name.LocalName is not "seealso" || !string.IsNullOrWhiteSpace(element.Value))))];
            if (nodes.All(node => string.IsNullOrWhiteSpace(node is XText text ? text.Value : ((XElement)node).Value))) return;
            words++;
            builder.BreakParagraph();
            Write(nodes, builder);
        }
    }

    private static void Write(IEnumerable<XNode> nodes, DocumentBuilder builder)
    {
        foreach (XNode node in nodes)
        {
            if (node is XText text)
            {
                builder.Append(text.Value);
                continue;
            }

            if (node is not XElement element) continue;
            switch (element.Name.LocalName)
            {
                case "see" or "seealso" when element.IsEmpty || element.Value.Length == 0:
                    builder.Append(XmlMemberName.Reference((string?)element.Attribute("cref"))
                        ?? (string?)element.Attribute("langword") ?? (string?)element.Attribute("href") ?? "");
                    break;
                case "paramref" or "typeparamref":
                    builder.Append((string?)element.Attribute("name"));
                    break;
                case "br":
                    builder.BreakLine();
                    break;
                case "code":
                    builder.BreakParagraph();
                    builder.AppendVerbatim(element.Value);
                    builder.BreakParagraph();
                    break;
                case "sup" when element.Value.AsSpan().Trim() is [(>= '0' and <= '9') or '-' or '+' or '\u2212', ..]:
                    builder.Append("^");
                    Write(element.Nodes(), builder);
                    break;
                case "item" or "listheader" or "li" or "tr" or "dt" or "dd":
                    builder.BreakLine();
                    Write(element.Nodes(), builder);
                    builder.BreakLine();
                    break;
                case "term" or "td" or "th":
                    Write(element.Nodes(), builder);
                    builder.Append(" ");
                    break;
                case "para" or "p" or "list" or "table" or "note" or "ul" or "ol" or "dl" or "div" or "blockquote"
                    or "summary" or "remarks" or "example":
                    builder.BreakParagraph();
                    Write(element.Nodes(), builder);
                    builder.BreakParagraph();
                    break;
                default:
                    Write(element.Nodes(), builder);
                    break;
            }
        }
    }

    [GeneratedRegex("""^\s*<\?xml\s[^>]*?\sencoding\s*=\s*["']([\w:.-]+)""")]
    private static partial Regex EncodingDeclaration { get; }
}
