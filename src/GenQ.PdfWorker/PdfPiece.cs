using System.Text;

namespace GenQ.PdfWorker;

/// <summary>Letters that stand side by side without a wide gap. Places are in a frame in which the letters run to the right.</summary>
internal sealed class PdfPiece
{
    public StringBuilder Text { get; } = new();

    /// <summary>The direction in which its letters run, in radians against the page's lower edge.</summary>
    public double Angle { get; init; }

    /// <summary>The base line of its first letter.</summary>
    public double Y { get; init; }

    /// <summary>Its left end.</summary>
    public double X { get; init; }

    /// <summary>Its right end.</summary>
    public double EndX { get; set; }

    /// <summary>The largest point size in it.</summary>
    public double Size { get; set; }

    /// <summary>How many letters it has.</summary>
    public int Letters { get; set; }

    /// <summary>Its words.</summary>
    public int Words => Text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
}
