using System.Runtime.CompilerServices;
using System.Text;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>
/// Reads plain text: UTF-8, UTF-16 or UTF-32 by byte order mark, UTF-8 or UTF-16 without one, or the encoding that the bytes speak for.
/// </summary>
/// <remarks>
/// A text whose encoding cannot be told is refused: wrong letters would be found by nobody. Line ends become \n, form feeds empty lines;
/// blanks at line
/// ends are dropped, ligatures and the like become plain letters.
/// </remarks>
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
