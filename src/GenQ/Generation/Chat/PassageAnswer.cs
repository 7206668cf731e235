using System.Text.Json.Serialization;

namespace GenQ.Generation;

/// <summary>What came of asking a language model about one passage.</summary>
/// <param name="Queries">A query for each that was asked for, in their order; an empty one where there is none.</param>
/// <param name="Fault">What is wrong with the answer.</param>
/// <param name="More">Whether it held more queries than were asked for.</param>
/// <param name="Repeated">How many queries repeated another one.</param>
internal sealed record PassageAnswer(string[] Queries, ChatFault Fault, bool More = false, int Repeated = 0)
{
    /// <summary>Whether to ask again.</summary>
    [JsonIgnore]
    public bool IsFaulty => Fault is not (ChatFault.None or ChatFault.Unusable);

    /// <summary>What two answers about the passage hold together: the second fills what the first lacks.</summary>
    public PassageAnswer With(PassageAnswer second)
    {
        HashSet<string> known = new(Queries.Where(query => query.Length > 0), StringComparer.OrdinalIgnoreCase);
        string[] queries = [.. Queries.Zip(second.Queries, (first, other) => first.Length > 0 || !known.Add(other) ? first : other)];
        ChatFault fault = Array.TrueForAll(queries, query => query.Length > 0) ? ChatFault.None
            : Array.Exists(queries, query => query.Length > 0) ? ChatFault.Fewer
            : second.Fault;
        return new PassageAnswer(queries, fault, second.More, second.Repeated);
    }
}
