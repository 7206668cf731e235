using GenQ.Data;

namespace GenQ.Documents;

/// <summary>Reads one file format into documents.</summary>
/// <remarks>A reader holds no state between calls, so that one instance may read many files at the same time.</remarks>
public interface IDocumentReader
{
    /// <summary>The file name endings it reads, in lower case with the dot: ".txt".</summary>
    IReadOnlyCollection<string> Extensions { get; }

    /// <summary>Reads the documents of one file, in file order.</summary>
    /// <param name="stream">The file's bytes, from its beginning; it need not be seekable and is left open.</param>
    /// <param name="source">The file's name as it will be shown; ids are built from it.</param>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="GenQException">The file cannot be read; the message says why, without naming the file.</exception>
    IAsyncEnumerable<Document> ReadAsync(Stream stream, string source, CancellationToken cancellationToken = default);
}
