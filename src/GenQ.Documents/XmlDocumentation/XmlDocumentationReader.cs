using System.Runtime.CompilerServices;
using System.Xml;
using System.Xml.Linq;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>
/// Reads the XML documentation files that .NET compilers write: each member becomes one document with its name, summary,
/// parameters, return value, exceptions, remarks and examples in words.
/// </summary>
/// <remarks>Whether an .xml file is one is told by its root: <c>doc</c> with <c>members</c>. Other files are refused.</remarks>
public sealed class XmlDocumentationReader : IDocumentReader
{
    // The compiler writes a few levels; a file deeper than this was made to overflow the stack.
    private const int DeepestNesting = 100;

    private static readonly XmlReaderSettings Settings = new()
    {
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
        string xml = TextDecoder.Decode(bytes.Span);
        RequireShallow(xml);
        using XmlReader reader = XmlReader.Create(new StringReader(xml), Settings);
        Dictionary<string, string[]> knownTypes = new(StringComparer.Ordinal);
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (NextMember(reader) is { } member)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ReadMember(member, source, knownTypes) is { } document && seen.Add(document.Id)) yield return document;
        }
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

    private static XElement? NextMember(XmlReader reader)
    {
        try
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
                if (reader.NodeType == XmlNodeType.Element && reader.Name == "member") return (XElement)XNode.ReadFrom(reader);
                if (reader.NodeType == XmlNodeType.Element) reader.Skip();
                else reader.Read();
            }

            return null;
        }
        catch (XmlException e)
        {
            throw new GenQException($"The XML is broken: {e.Message}", e);
        }
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
        AddEach("typeparam", p => $"Type parameter {(string?)p.Attribute("name")}: ");
        AddEach("param", p => $"Parameter {(string?)p.Attribute("name")}: ");
        AddEach("value", _ => "Value: ");
        AddEach("returns", _ => "Returns: ");
        AddEach("exception", p => $"Throws {XmlMemberName.Reference((string?)p.Attribute("cref"))}: ");
        AddEach("remarks", _ => "Remarks: ");
        AddEach("example", _ => "Example: ");
        return words == 0 ? null : builder.Build($"{source}#{name}", readable.Title, source);

        void AddEach(string tag, Func<XElement, string> label)
        {
            foreach (XElement element in member.Elements(tag))
            {
                if (string.IsNullOrWhiteSpace(element.Value) && !element.HasElements) continue;
                words++;
                builder.BreakParagraph();
                builder.Append(label(element));
                Write(element, builder);
            }
        }
    }

    private static void Write(XElement parent, DocumentBuilder builder)
    {
        foreach (XNode node in parent.Nodes())
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
                case "item" or "listheader":
                    builder.BreakLine();
                    Write(element, builder);
                    builder.BreakLine();
                    break;
                case "term":
                    Write(element, builder);
                    builder.Append(" ");
                    break;
                case "para" or "p" or "list" or "table" or "note":
                    builder.BreakParagraph();
                    Write(element, builder);
                    builder.BreakParagraph();
                    break;
                default:
                    Write(element, builder);
                    break;
            }
        }
    }
}
