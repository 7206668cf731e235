namespace GenQ.PdfWorker;

/// <summary>A letter of a page.</summary>
/// <param name="Text">Its characters: several in a ligature, none where the font does not tell them.</param>
/// <param name="X">Where it begins on its base line, in points from the page's left edge.</param>
/// <param name="Y">The same from the page's lower edge.</param>
/// <param name="EndX">Where it ends.</param>
/// <param name="EndY">The same from the page's lower edge.</param>
/// <param name="Size">Its size in points, at least 1.</param>
internal readonly record struct PdfLetter(string Text, double X, double Y, double EndX, double EndY, double Size)
{
    public bool IsBlank => Text.Length > 0 && string.IsNullOrWhiteSpace(Text);
}
