using GenQ.Data;
using GenQ.Text;

namespace GenQ.Models;

/// <summary>A kind of query that a T5 was taught to write.</summary>
/// <param name="Name">What people call it: "keywords".</param>
/// <param name="Prefix">What the T5 reads in front of the passage, its space included: "keywords: ".</param>
/// <param name="Count">How many of a passage's queries are of this kind, beside those of the other kinds.</param>
public sealed record QueryTask(string Name, string Prefix, int Count)
{
    /// <summary>
    /// The kinds of a T5, in the order of its config.json: those of its task_specific_params that say how many texts they give, which the tasks of the
    /// published T5s, summaries and translations, do not. Empty for a T5 that writes one kind.
    /// </summary>
    /// <param name="model">A folder, or a name on the hub; no network is loaded.</param>
    /// <param name="shares">
    /// How many queries of each kind in place of the T5's own numbers, as "question=2,keywords=1"; a kind that is not named is not written.
    /// </param>
    /// <exception cref="GenQException">The configuration is missing or broken, or the shares name a kind that the T5 does not know, or no number.</exception>
    public static IReadOnlyList<QueryTask> Of(string model, string? shares = null)
    {
        IReadOnlyList<QueryTask> own = Of(T5Config.Load(ModelFolder.Resolve(model)));
        return shares is null ? own : Choose(own, shares, model);
    }

    /// <summary>Chooses among the kinds of a writer, and how many queries of each it writes.</summary>
    /// <param name="own">The kinds that it knows.</param>
    /// <param name="shares">How many queries of each kind, as "question=2,keywords=1"; a kind that is not named is not written.</param>
    /// <param name="writer">What messages call it.</param>
    /// <exception cref="GenQException">The shares name a kind that it does not know, or no number.</exception>
    public static IReadOnlyList<QueryTask> Choose(IReadOnlyList<QueryTask> own, string shares, string writer)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(shares);
        (string Name, string Count)[] named = [.. shares.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(share => share.Split('=', 2, StringSplitOptions.TrimEntries)).Select(share => (share[0], share.Length > 1 ? share[1] : "1"))];
        return named.Length == 0 ? throw Wrong("it names none") : [.. named.Select(share =>
        {
            QueryTask task = own.FirstOrDefault(task => task.Name == share.Name) ?? throw Wrong($"it does not know '{share.Name}'");
            return int.TryParse(share.Count, out int count) && count > 0 ? task with { Count = count } : throw Wrong($"'{share.Count}' is no number of queries");
        })];

        GenQException Wrong(string what) => new(
            $"'{shares}' does not say which kinds of query '{writer}' is to write: {what}. It knows {(own.Count == 0 ? "one kind, which has no name" : string.Join(", ", own.Select(task => task.Name)))}.")
        {
            Where = "query.kinds",
            Expected = string.Join(',', own.Select(task => $"{task.Name}={task.Count}")),
            Got = shares,
            Remedy = new Remedy.Change(("query.kinds", null)),
        };
    }

    /// <summary>The kinds that a configuration names.</summary>
    internal static IReadOnlyList<QueryTask> Of(T5Config config) =>
    [
        .. (config.TaskSpecificParams ?? new Dictionary<string, T5Task>())
            .Where(task => task.Value is { Prefix: not null, NumReturnSequences: > 0 })
            .Select(task => new QueryTask(task.Key, task.Value.Prefix!, task.Value.NumReturnSequences!.Value)),
    ];

    /// <summary>Deals queries to kinds: one of each in turn while it has any left, and from the start again.</summary>
    /// <param name="tasks">At least one.</param>
    /// <param name="count">Queries to deal, at least 0.</param>
    /// <returns>(count) the kind of each query.</returns>
    public static IReadOnlyList<QueryTask> Deal(IReadOnlyList<QueryTask> tasks, int count)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        QueryTask[] round = [.. Enumerable.Range(0, tasks.Max(task => task.Count)).SelectMany(turn => tasks.Where(task => task.Count > turn))];
        return [.. Enumerable.Range(0, count).Select(query => round[query % round.Length])];
    }
}
