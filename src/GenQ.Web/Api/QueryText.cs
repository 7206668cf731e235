using GenQ.Data;

namespace GenQ.Web;

/// <summary>Checks queries that come over the wire.</summary>
internal static class QueryText
{
    /// <summary>Returns a query that says something and is not too long.</summary>
    /// <exception cref="Refusal">It is empty, or too long.</exception>
    public static string Require(string? query, string name)
    {
        if (query is null || string.IsNullOrWhiteSpace(UnicodeText.Normalize(query))) throw new Refusal(StatusCodes.Status400BadRequest, $"'{name}' is empty: say what you are looking for.");
        return query.Length <= RequestLimits.QueryCharacters
            ? query.Trim()
            : throw new Refusal(StatusCodes.Status400BadRequest, FormattableString.Invariant($"'{name}' has {query.Length:N0} characters, expected are at most {RequestLimits.QueryCharacters:N0}."));
    }

    /// <summary>The query as judgements keep it.</summary>
    public static string OneLine(string query) => PairFiles.OneField(query).Trim();
}
