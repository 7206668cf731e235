using System.Text.Json.Serialization;

namespace GenQ.Data;

/// <summary>A stretch of a document: what queries are written for, what is encoded, and what a search returns.</summary>
/// <param name="Id">Unique in a run and the same in every run over the same files.</param>
/// <param name="Text">The passage's words.</param>
/// <param name="Title">The heading path above it ("Install > Linux"), the document's title, or <see langword="null"/>.</param>
/// <param name="Origin">Where it was cut from; <see langword="null"/> for a passage that came without a source.</param>
public sealed record Passage(string Id, string Text, string? Title = null, PassageOrigin? Origin = null)
{
    /// <summary>
    /// The one text that the generator reads, the pair files hold, the encoder encodes and BM25 indexes:
    /// title and text, separated by a space, without a prefix.
    /// </summary>
    [JsonIgnore]
    public string SearchText => $"{Title} {Text}".Trim();
}
