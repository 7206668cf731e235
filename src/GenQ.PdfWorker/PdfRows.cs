namespace GenQ.PdfWorker;

/// <summary>Puts the letters of a page together to rows. Distances are in units of the point size.</summary>
internal static class PdfRows
{
    // Measured on a dozen manuals against a reference extractor: wider gaps glue the words that TeX sets tightly.
    private const double WordGap = 0.10;

    // A raised or lowered letter stays within this distance of its line, a new line does not.
    private const double LineDrop = 0.6;

    // A raised or lowered letter is smaller than this beside the letters of its line.
    private const double RaisedSize = 0.8;

    // A jump back to the left of more than this is a new line even at the same height (tables, columns).
    private const double JumpBack = 2.5;

    // No justified line has wider gaps between its words; between columns there may be one.
    private const double ColumnGap = 1.5;

    // Letters turned by more than this against those before, in radians, are another line.
    private const double Turn = 0.2;

    /// <summary>Builds the rows in content order.</summary>
    public static List<PdfRow> Read(IReadOnlyList<PdfLetter> letters)
    {
        List<PdfRow> rows = [];
        PdfPiece? piece = null;
        double angle = 0, baseLine = 0;
        foreach (PdfLetter letter in letters)
        {
            if (letter.Text.Length == 0) continue;
            double own = Direction(letter) ?? angle;
            double scale = Math.Max(piece?.Size ?? 0, letter.Size);
            // Lines that lie askew are straight in a frame that lies askew as they do.
            if (piece is null || Math.Abs(Math.IEEERemainder(own - angle, Math.Tau)) > Turn) (piece, angle) = (null, own);
            (double x, double y) = Turned(letter.X, letter.Y, angle);
            double gap = piece is null ? 0 : x - piece.EndX;
            bool newRow = piece is null || Math.Abs(y - baseLine) > LineDrop * scale || gap < -JumpBack * scale;
            if (newRow)
            {
                if (letter.IsBlank)
                {
                    piece = null;
                    continue;
                }

                angle = own;
                (x, y) = Turned(letter.X, letter.Y, angle);
                piece = new PdfPiece { Angle = angle, X = x, Y = y };
                rows.Add(new PdfRow(piece));
            }
            else if (!letter.IsBlank && gap > ColumnGap * scale)
            {
                piece = new PdfPiece { Angle = angle, X = x, Y = rows[^1].Y };
                rows[^1].Pieces.Add(piece);
            }
            else if ((letter.IsBlank || gap > WordGap * scale) && piece!.Text is { Length: > 0 } text && text[^1] != ' ')
            {
                text.Append(' ');
            }

            // A gap is measured between letters that are seen, also where it was made of blanks.
            if (!letter.IsBlank)
            {
                piece!.Text.Append(letter.Text);
                piece.Letters++;
                // Words that a scanner's program sets one by one climb along a tilted line.
                if (newRow || letter.Size >= RaisedSize * piece.Size) baseLine = y;
                piece.Size = Math.Max(piece.Size, letter.Size);
                piece.EndX = Turned(letter.EndX, letter.EndY, angle).X;
            }
        }

        return rows;
    }

    /// <summary>A place in a frame whose x axis runs in this direction.</summary>
    public static (double X, double Y) Turned(double x, double y, double angle)
    {
        if (angle == 0) return (x, y);
        (double sin, double cos) = Math.SinCos(angle);
        return ((x * cos) + (y * sin), (y * cos) - (x * sin));
    }

    private static double? Direction(PdfLetter letter)
    {
        double x = letter.EndX - letter.X, y = letter.EndY - letter.Y;
        if (Math.Abs(x) + Math.Abs(y) < 0.01 * letter.Size) return null;
        return Math.Abs(y) < 1e-4 * x ? 0 : Math.Atan2(y, x);
    }
}
