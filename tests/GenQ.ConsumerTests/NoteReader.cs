using System.Runtime.CompilerServices;
using GenQ.Data;
using GenQ.Documents;

namespace GenQ.ConsumerTests;

/// <summary>Reads a format that GenQ does not know: a note a line, as "title: text".</summary>
internal sealed class NoteReader : IDocumentReader
{
    public IReadOnlyCollection<string> Extensions { get; } = [".note"];

    public async IAsyncEnumerable<Document> ReadAsync(Stream stream, string source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using StreamReader reader = new(stream, leaveOpen: true);
        for (int number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            string[] parts = line.Split(": ", 2);
            yield return new Document($"{source}#{number}", parts[1], parts[0], source);
        }
    }
}
