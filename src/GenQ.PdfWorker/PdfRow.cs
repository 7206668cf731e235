namespace GenQ.PdfWorker;

/// <summary>Pieces of text on one base line, from left to right.</summary>
internal sealed class PdfRow
{
    public PdfRow(params IEnumerable<PdfPiece> pieces) => Pieces = [.. pieces];

    public List<PdfPiece> Pieces { get; }

    public double Angle => Pieces[0].Angle;

    public double Y => Pieces[0].Y;

    public double X => Pieces[0].X;

    public double EndX => Pieces[^1].EndX;

    public double Size
    {
        get
        {
            double size = 0;
            foreach (PdfPiece piece in Pieces) size = Math.Max(size, piece.Size);
            return size;
        }
    }

    public string Text => string.Join(' ', Pieces.Select(piece => piece.Text.ToString().Trim()));

    /// <summary>Whether it stands apart from the page's text, as a remark does.</summary>
    public bool IsApart { get; init; }

    /// <summary>Whether letters of both run in the same direction, but for the tilt of a page that was scanned.</summary>
    public bool RunsAs(PdfRow other) => Angle == other.Angle || Math.Abs(Math.IEEERemainder(Angle - other.Angle, Math.Tau)) < 0.06;

    /// <summary>Whether one stands above the other.</summary>
    public bool Overlaps(PdfRow other) =>
        Math.Min(EndX, other.EndX) - Math.Max(X, other.X) > 0.3 * Math.Min(EndX - X, other.EndX - other.X);
}
