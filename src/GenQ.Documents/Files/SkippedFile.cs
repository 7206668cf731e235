namespace GenQ.Documents;

/// <summary>A file that could not be read, or not all of it.</summary>
/// <param name="Source">The file, named as the documents of a readable one would name it.</param>
/// <param name="Reason">Why it was not read, in a sentence that does not name the file.</param>
public sealed record SkippedFile(string Source, string Reason);
