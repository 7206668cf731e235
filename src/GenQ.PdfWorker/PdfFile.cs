using GenQ.Data;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Exceptions;
using UglyToad.PdfPig.Outline;
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
        List<PdfPage> pages = [];
        for (int number = 1; number <= pdf.NumberOfPages; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                pages.Add(PdfPage.Read(pdf.Structure, pdf.GetPage(number)));
            }
            catch (Exception e) when (IsBrokenPdf(e))
            {
                pages.Add(PdfPage.Broken(number));
            }
        }

        if (pages.Count > 0 && pages.TrueForAll(page => page.IsBroken))
            throw new GenQException("The PDF is broken: none of its pages can be read.");
        if (PdfFields.IsXfaAlone(pdf.Structure, pages))
            throw new GenQException("The PDF is an XFA form, which only Adobe's programs show: print it to a new PDF there.");
        (string Title, int Page, int Level)[] outline = Outline(pdf);
        PdfContents.Drop(pages);
        int withoutText = PdfDecoration.Drop(pages);
        PdfLayout layout = new([.. pages.SelectMany(page => page.Lines)], outline, pages.Count);
        Document document = layout.Write(source, Title(pdf)) ?? throw NoText(pages);
        return document with { Unread = Unread(pages, withoutText) };
    }

    private static GenQException NoText(List<PdfPage> pages) => new(pages.Exists(page => page.UnknownLetters > 0)
        ? "The fonts of the PDF do not tell which characters its letters are: read it with OCR."
        : "The PDF holds no text: it may be a scan; read it with OCR first.");

    // One letter in a thousand is a symbol that nobody misses.
    private const int FewLetters = 1000;

    private static string? Unread(List<PdfPage> pages, int withoutText)
    {
        int broken = pages.Count(page => page.IsBroken);
        long unknown = pages.Sum(page => (long)page.UnknownLetters), letters = pages.Sum(page => (long)page.Letters);
        List<string> reasons = [];
        if (broken > 0) reasons.Add($"{broken} of the PDF's {pages.Count} pages are broken; the others were read.");
        if (withoutText > 0) reasons.Add($"{withoutText} of {pages.Count} pages hold no text: they may be scans; read them with OCR.");
        if (unknown * FewLetters > letters)
            reasons.Add($"{unknown} of {letters} letters were left out: their fonts do not tell which characters they are.");
        return reasons.Count == 0 ? null : string.Join(' ', reasons);
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
            if (!OutlineEnds(pdf.Structure) || !pdf.TryGetBookmarks(out Bookmarks? bookmarks)) return [];
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
    private static bool OutlineEnds(Structure structure)
    {
        const int deepest = 100;
        HashSet<IndirectReference> seen = [];
        Stack<(IToken? Entry, int Depth)> entries = new();
        structure.Catalog.CatalogDictionary.TryGet(NameToken.Outlines, out IToken? root);
        entries.Push((root, 0));
        while (entries.TryPop(out (IToken? Entry, int Depth) next))
        {
            if (next.Entry is IndirectReferenceToken reference && !seen.Add(reference.Data)) continue;
            if (structure.Find<DictionaryToken>(next.Entry) is not { } entry) continue;
            if (next.Depth > deepest) return false;
            if (entry.TryGet(NameToken.Next, out IToken? sibling)) entries.Push((sibling, next.Depth));
            if (!entry.TryGet(NameToken.First, out IToken? child)) continue;
            if (child is IndirectReferenceToken first && seen.Contains(first.Data)) return false;
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
