using System.Runtime.CompilerServices;
using GenQ.Data;
using Markdig;
using Markdig.Extensions.CustomContainers;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Parsers;
using Markdig.Syntax;

namespace GenQ.Documents;

/// <summary>
/// Reads Markdown with GitHub's extensions, definition lists and <c>:::</c> boxes by way of HTML; front matter gives the title and no text.
/// </summary>
public sealed class MarkdownReader : IDocumentReader
{
    private static readonly MarkdownPipeline Pipeline = CreatePipeline();

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Extensions { get; } = [".md", ".markdown"];

    /// <inheritdoc/>
    public async IAsyncEnumerable<Document> ReadAsync(
        Stream stream, string source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ReadOnlyMemory<byte> bytes = await FileBytes.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
        (string? title, string body) = FrontMatter.Split(TextDecoder.Decode(bytes.Span));
        if (Read(body, source, title) is { } document) yield return document;
    }

    private static Document? Read(string text, string source, string? title)
    {
        MarkdownLimits.Require(text);
        try
        {
            MarkdownDocument markdown = Markdown.Parse(text, Pipeline);
            RawTags.Escape(markdown);
            return HtmlReader.Read(markdown.ToHtml(Pipeline), source, title, isFragment: true);
        }
        catch (ArgumentException e)
        {
            // Markdig's guard against nesting that would overflow the stack.
            throw new GenQException("The Markdown is nested too deeply to be read.", e);
        }
    }

    // Each by name: of Markdig's others some take {id}, C++ and std::vector for markup, and the text loses what they stand on.
    private static MarkdownPipeline CreatePipeline()
    {
        MarkdownPipelineBuilder builder = new MarkdownPipelineBuilder()
            .UsePipeTables()
            .UseGridTables()
            .UseTaskLists()
            .UseAutoLinks()
            .UseFootnotes()
            .UseAlertBlocks()
            .UseDefinitionLists()
            .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough);
        builder.BlockParsers.Replace<HtmlBlockParser>(new RawTags.BlockParser());

        // The boxes alone: their extension would take the colons of std::vector along.
        builder.BlockParsers.Insert(0, new CustomContainerParser());
        return builder.Build();
    }
}
