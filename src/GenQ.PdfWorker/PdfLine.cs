using System.Globalization;
using System.Text;
using UglyToad.PdfPig.Content;

namespace GenQ.PdfWorker;

/// <summary>A line of a PDF page, put together from its letters.</summary>
/// <param name="Page">The page, counted from 1.</param>
/// <param name="Text">Its words, in NFKC, with hyphens of one kind.</param>
/// <param name="Size">The largest point size in it.</param>
/// <param name="Letters">How many letters it has.</param>
/// <param name="Drop">How far it stands below the line before, in points; negative where it stands above it.</param>
internal sealed record PdfLine(int Page, string Text, double Size, int Letters, double Drop)
{
    /// <summary>
    /// How far it stands below the page's upper edge, in points; of a line that runs sideways, below the edge over its letters.
    /// </summary>
    public double Top { get; init; }

    /// <summary>The height of the page, seen as <see cref="Top"/> is.</summary>
    public double PageHeight { get; init; }

    /// <summary>Whether it lies across the page, as a watermark does.</summary>
    public bool IsSlanted { get; init; }

    /// <summary>Whether it begins a paragraph wherever it stands.</summary>
    public bool IsApart { get; init; }

    /// <summary>Makes lines of the rows of a page.</summary>
    public static IEnumerable<PdfLine> Read(Page page, IEnumerable<PdfRow> rows)
    {
        PdfRow? before = null;
        foreach (PdfRow row in rows)
        {
            string text = Normalize(row.Text);
            if (text.Length > 0)
            {
                double drop = before is null ? double.NaN : before.RunsAs(row) ? before.Y - row.Y : -1;
                (double top, double height) = Place(page, row);
                yield return new PdfLine(page.Number, text, row.Size, row.Pieces.Sum(piece => piece.Letters), drop)
                {
                    Top = top,
                    PageHeight = height,
                    IsSlanted = PdfReadingOrder.IsSlanted(row),
                    IsApart = row.IsApart,
                };
            }

            before = row;
        }
    }

    // Ligatures such as "fi" come as one character, which no search would find. A hyphen that is printed is one, also where its
    // character is the one that only says where a word may be divided.
    internal static string Normalize(string text)
    {
        StringBuilder known = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is 0xAD or 0x2010 or 0x2011) known.Append('-');
            else if (rune.Value is not (0xFFFD or 0xFFFE)
                && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.PrivateUse))
                known.Append(rune);
        }

        return known.ToString().Normalize(NormalizationForm.FormKC).Trim();
    }

    private static (double Top, double Height) Place(Page page, PdfRow row)
    {
        double[] heights =
        [
            0,
            PdfRows.Turned(page.Width, 0, row.Angle).Y,
            PdfRows.Turned(0, page.Height, row.Angle).Y,
            PdfRows.Turned(page.Width, page.Height, row.Angle).Y,
        ];
        return (heights.Max() - row.Y, heights.Max() - heights.Min());
    }
}
