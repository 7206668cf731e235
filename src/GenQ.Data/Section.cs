namespace GenQ.Data;

/// <summary>A heading and the place where the text under it begins.</summary>
/// <param name="Start">Offset of the heading's first character in <see cref="Document.Text"/>.</param>
/// <param name="Level">1 for the top level, 2 below it, and so on.</param>
/// <param name="Heading">The heading's words.</param>
public sealed record Section(int Start, int Level, string Heading);
