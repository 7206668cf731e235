namespace GenQ.Data;

/// <summary>Where a passage was cut from.</summary>
/// <param name="Source">The file, as a path relative to the folder that was read.</param>
/// <param name="DocumentId">The <see cref="Document.Id"/>; a source can hold several documents.</param>
/// <param name="Page">The page it begins on, counted from 1; <see langword="null"/> where the format has no pages.</param>
/// <param name="Start">Offset of its first character in the extracted text.</param>
/// <param name="End">Offset after its last character: cutting [Start, End) gives the passage's text.</param>
public sealed record PassageOrigin(string Source, string DocumentId, int? Page, int Start, int End);
