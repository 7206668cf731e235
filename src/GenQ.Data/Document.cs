namespace GenQ.Data;

/// <summary>One readable text as it came from a file, before it is split into passages.</summary>
/// <param name="Id">Unique in a run and the same in every run over the same files.</param>
/// <param name="Text">The extracted text. Passage offsets count its UTF-16 characters.</param>
/// <param name="Title">The document's own title, or <see langword="null"/> where it has none.</param>
/// <param name="Source">The file the text came from, as a path relative to the folder that was read.</param>
/// <param name="Sections">Where headings stand in <paramref name="Text"/>, in reading order.</param>
/// <param name="Pages">Where each page begins in <paramref name="Text"/>; empty for formats without pages.</param>
public sealed record Document(
    string Id,
    string Text,
    string? Title,
    string Source,
    IReadOnlyList<Section> Sections,
    IReadOnlyList<int> Pages)
{
    /// <summary>Creates a document without headings and pages.</summary>
    public Document(string id, string text, string? title, string source)
        : this(id, text, title, source, [], [])
    {
    }

    /// <summary>
    /// Whether this is one record of a research format (SQuAD, BEIR, corpus.jsonl): it becomes one passage with this
    /// document's id and is never split.
    /// </summary>
    public bool IsRecord { get; init; }

    /// <summary>What of the file could not be read, in a sentence; <see langword="null"/> where all of it was.</summary>
    public string? Unread { get; init; }
}
