using GenQ.Data;

namespace GenQ.Mcp;

/// <summary>A passage as the tools tell it.</summary>
/// <param name="Id">Names it in <c>fetch_passage</c>.</param>
/// <param name="Score">Higher is better within one search; <see langword="null"/> where it was fetched.</param>
/// <param name="Title">The heading path above it.</param>
/// <param name="File">The file it was cut from.</param>
/// <param name="Page">The page it begins on, from 1, where the format has pages.</param>
/// <param name="Text">Its text.</param>
/// <param name="IsCut">Whether the text goes on; <c>fetch_passage</c> gives all of it.</param>
internal sealed record FoundPassage(string Id, double? Score, string? Title, string? File, int? Page, string Text, bool? IsCut)
{
    // Passages that GenQ cuts have 100 to 180 words; those of a corpus may be whole books.
    private const int MostCharacters = 2000;

    /// <summary>A whole passage.</summary>
    public static FoundPassage Whole(Passage passage) => new(passage.Id, null, passage.Title, passage.Origin?.Source, passage.Origin?.Page, passage.Text, null);

    /// <summary>The beginning of a passage that a search found.</summary>
    public static FoundPassage Found(Passage passage, double score)
    {
        string text = UnicodeText.Cut(passage.Text, MostCharacters);
        return Whole(passage) with { Score = Math.Round(score, 4), Text = text, IsCut = text.Length < passage.Text.Length ? true : null };
    }
}
