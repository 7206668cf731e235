using System.Runtime.CompilerServices;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>
/// Reads the text of PDF files: letters become lines, lines paragraphs; running headers, footers and page
/// numbers are dropped, words divided at line ends joined, headings taken from the outline or from letter sizes.
/// </summary>
/// <remarks>
/// A file is read by a process of its own, with limits of time and memory: no file, however broken, ends the caller's process. Where the
/// application has no dotnet command to start one with (it brings its own runtime), files are read in the caller's process.
/// </remarks>
public sealed class PdfReader : IDocumentReader
{
    private readonly PdfProcesses _processes;

    /// <summary>Creates a reader; all readers share their processes.</summary>
    public PdfReader()
        : this(PdfProcesses.Shared)
    {
    }

    internal PdfReader(PdfProcesses processes) => _processes = processes;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Extensions { get; } = [".pdf"];

    /// <inheritdoc/>
    public async IAsyncEnumerable<Document> ReadAsync(
        Stream stream, string source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ReadOnlyMemory<byte> bytes = await FileBytes.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
        if (bytes.Length == 0) yield break;
        yield return await _processes.ReadAsync(bytes, source, cancellationToken).ConfigureAwait(false);
    }
}
