using GenQ.Data;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Exceptions;
using UglyToad.PdfPig.Outline;
using UglyToad.PdfPig.Parser.Parts;
using UglyToad.PdfPig.Tokens;

namespace GenQ.PdfWorker;

/// <summary>Reads the bytes of one PDF into a document.</summary>
internal static class PdfFile
{
    /// <summary>Reads the file in this process: one made to do harm can end it.</summary>
    /// <exception cref="GenQException">The file cannot be read; the message says why, without naming the file.</exception>
    public static Document Read(byte[] bytes, string source, CancellationToken cancellationToken)
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
            if (!OutlineEnds(pdf) || !pdf.TryGetBookmarks(out Bookmarks? bookmarks)) return [];
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

    // PdfPig goes down an outline by recursion: one whose entry stands below itself has no end there.
    private static bool OutlineEnds(PdfDocument pdf)
    {
        const int deepest = 100;
        Structure structure = pdf.Structure;
        HashSet<IToken> seen = new(ReferenceEqualityComparer.Instance);
        HashSet<(long, int)> references = [];
        Stack<(IToken? Entry, int Depth)> entries = new();
        structure.Catalog.CatalogDictionary.TryGet(NameToken.Outlines, out IToken? root);
        entries.Push((root, 0));
        while (entries.TryPop(out (IToken? Entry, int Depth) next))
        {
            bool isKnown = next.Entry is IndirectReferenceToken { Data: { } data } && !references.Add((data.ObjectNumber, data.Generation));
            if (isKnown || !DirectObjectFinder.TryGet(next.Entry, structure.TokenScanner, out DictionaryToken? entry)) continue;
            if (!seen.Add(entry)) continue;
            if (next.Depth > deepest) return false;
            if (entry.TryGet(NameToken.Next, out IToken? sibling)) entries.Push((sibling, next.Depth));
            if (!entry.TryGet(NameToken.First, out IToken? child)) continue;
            bool isAgain = child is IndirectReferenceToken { Data: { } first } && references.Contains((first.ObjectNumber, first.Generation));
            if (isAgain) return false;
            entries.Push((child, next.Depth + 1));
        }

        return true;
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
