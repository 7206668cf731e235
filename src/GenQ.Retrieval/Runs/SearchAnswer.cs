using System.Text.Json.Nodes;

namespace GenQ.Retrieval;

/// <summary>What a search found.</summary>
/// <param name="Query">What was asked.</param>
/// <param name="Hits">The passages, the best first.</param>
public sealed record SearchAnswer(string Query, IReadOnlyList<SearchHit> Hits)
{
    /// <summary>The answer as scripts read it.</summary>
    public JsonObject ToJson() => new()
    {
        ["results"] = new JsonArray([.. Hits.Select(hit => new JsonObject
        {
            ["id"] = hit.Passage.Id,
            ["score"] = hit.Score,
            ["title"] = hit.Passage.Title,
            ["source"] = hit.Passage.Origin?.Source,
            ["page"] = hit.Passage.Origin?.Page,
            ["text"] = hit.Passage.Text,
        })]),
    };
}
