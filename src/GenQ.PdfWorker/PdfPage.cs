using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;

namespace GenQ.PdfWorker;

/// <summary>What was read of a page.</summary>
/// <param name="Number">The page, counted from 1.</param>
/// <param name="Lines">Its lines in reading order; decoration is taken out later.</param>
/// <param name="HasPictures">Whether there are pictures, which may show text.</param>
/// <param name="Letters">How many letters it has, known and unknown.</param>
/// <param name="UnknownLetters">How many of them, in words, do not tell which characters they are.</param>
internal sealed record PdfPage(int Number, List<PdfLine> Lines, bool HasPictures, int Letters, int UnknownLetters)
{
    // So many strokes are a drawing, or letters that were turned to lines.
    private const int DrawingPaths = 100;

    // Symbols of private fonts, bullets above all, stand alone; what follows each other is a word.
    private const int WordLetters = 3;

    /// <summary>Whether it could not be read.</summary>
    public bool IsBroken { get; private init; }

    /// <summary>A page that could not be read.</summary>
    public static PdfPage Broken(int number) => new(number, [], false, 0, 0) { IsBroken = true };

    /// <summary>Reads a page.</summary>
    public static PdfPage Read(Structure structure, Page page)
    {
        IReadOnlyList<PdfLetter> letters = PdfLetters.Read(structure, page);
        List<PdfRow> rows = PdfReadingOrder.Sort(PdfRows.Read(letters));
        PdfFields.Add(structure, page, rows);
        bool hasPictures = page.NumberOfImages > 0 || page.Paths.Count > DrawingPaths;
        int visible = letters.Count(letter => !letter.IsBlank);
        return new PdfPage(page.Number, [.. PdfLine.Read(page, rows)], hasPictures, visible, Unknown(letters));
    }

    private static int Unknown(IReadOnlyList<PdfLetter> letters)
    {
        int unknown = 0, run = 0;
        foreach (PdfLetter letter in letters)
        {
            run = letter.Text.Length == 0 ? run + 1 : 0;
            if (run == WordLetters) unknown += run;
            else if (run > WordLetters) unknown++;
        }

        return unknown;
    }
}
