using System.Runtime.CompilerServices;
using GenQ.Data;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Exceptions;
using UglyToad.PdfPig.Outline;

namespace GenQ.Documents;

/// <summary>
/// Reads the text of PDF files: letters in content order become lines, lines paragraphs; running headers, footers and page
/// numbers are dropped, words divided at line ends joined, headings taken from the outline or from letter sizes.
/// </summary>
public sealed class PdfReader : IDocumentReader
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> Extensions { get; } = [".pdf"];

    /// <inheritdoc/>
    public async IAsyncEnumerable<Document> ReadAsync(
        Stream stream, string source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ReadOnlyMemory<byte> bytes = await FileBytes.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
        if (bytes.Length == 0) yield break;
        yield return Read(bytes.ToArray(), source, cancellationToken);
    }

    private static Document Read(byte[] bytes, string source, CancellationToken cancellationToken)
    {
        using PdfDocument pdf = Open(bytes);
        List<List<PdfLine>> pages = [];
        int unreadable = 0;
        for (int number = 1; number <= pdf.NumberOfPages; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                pages.Add([.. PdfLine.Read(pdf.GetPage(number))]);
            }
            catch (Exception e) when (IsBrokenPdf(e))
            {
                pages.Add([]);
                unreadable++;
            }
        }

        if (unreadable > 0 && unreadable == pages.Count) throw new GenQException("The PDF is broken: none of its pages can be read.");
        PdfLayout.DropDecoration(pages);
        PdfLayout layout = new([.. pages.SelectMany(page => page)], Outline(pdf), pages.Count);
        Document document = layout.Write(source, Title(pdf))
            ?? throw new GenQException("The PDF holds no text: it may be a scan; read it with OCR first.");
        return unreadable == 0 ? document : document with { Unread = $"{unreadable} of the PDF's {pages.Count} pages are broken; the others were read." };
    }

    private static PdfDocument Open(byte[] bytes)
    {
        try
        {
            return PdfDocument.Open(bytes);
        }
        catch (PdfDocumentEncryptedException e)
        {
            throw new GenQException("The PDF is protected by a password: save a copy without one.", e);
        }
        catch (Exception e) when (IsBrokenPdf(e))
        {
            throw new GenQException($"The PDF is broken: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static (string Title, int Page, int Level)[] Outline(PdfDocument pdf)
    {
        try
        {
            if (!pdf.TryGetBookmarks(out Bookmarks? bookmarks)) return [];
            return
            [
                .. bookmarks.GetNodes().OfType<DocumentBookmarkNode>().Select(n => (PdfLine.Normalize(n.Title), n.PageNumber, n.Level + 1)),
            ];
        }
        catch (Exception e) when (IsBrokenPdf(e))
        {
            return [];
        }
    }

    // Programs that print into a PDF put the file's name where the title belongs.
    private static string? Title(PdfDocument pdf)
    {
        string title = PdfLine.Normalize(pdf.Information.Title ?? "");
        bool isFileName = title.StartsWith("Microsoft ", StringComparison.OrdinalIgnoreCase)
            || (Path.HasExtension(title) && !title.Contains(' ', StringComparison.Ordinal))
            || title.Equals("untitled", StringComparison.OrdinalIgnoreCase);
        return title.Length == 0 || isFileName ? null : title;
    }

    // A broken file makes PdfPig throw whatever its parsing runs into; only what says nothing about the file is let through.
    private static bool IsBrokenPdf(Exception e) => e is not (OperationCanceledException or OutOfMemoryException);
}
