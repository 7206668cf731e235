using System.Runtime.CompilerServices;
using System.Text;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>Reads plain text: UTF-8, UTF-16 or UTF-32 by byte order mark, UTF-8 or UTF-16 without one, else Windows-1252.</summary>
/// <remarks>Line ends become \n, form feeds empty lines; blanks at line ends and invisible soft hyphens are dropped.</remarks>
public sealed class PlainTextReader : IDocumentReader
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> Extensions { get; } = [".txt", ".text"];

    /// <inheritdoc/>
    public async IAsyncEnumerable<Document> ReadAsync(
        Stream stream, string source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ReadOnlyMemory<byte> bytes = await FileBytes.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
        string text = Tidy(UnicodeText.Normalize(TextDecoder.Decode(bytes.Span)));
        if (!string.IsNullOrWhiteSpace(text)) yield return new Document(source, text, title: null, source);
    }

    private static string Tidy(string text)
    {
        StringBuilder tidy = new(text.Length);
        foreach (ReadOnlySpan<char> line in text.Replace("\f", "\n\n", StringComparison.Ordinal).EnumerateLines())
        {
            foreach (char c in line.TrimEnd())
            {
                if (c != '\0') tidy.Append(c);
            }

            tidy.Append('\n');
        }

        return tidy.ToString().TrimEnd('\n');
    }
}
