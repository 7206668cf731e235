using System.Globalization;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;

namespace GenQ.Generation;

/// <summary>Who writes the queries of a passage, and how many: the queries of the first writer, then crops of the passage.</summary>
/// <param name="Writer">Writes the queries.</param>
/// <param name="Count">Queries of a passage in all, at least 1.</param>
/// <param name="Crops">How many of them, the last, are spans cut out of the passage.</param>
/// <param name="Seed">Where the draws of the crops come from.</param>
internal sealed record QueryMixture(IQueryWriter Writer, int Count, int Crops, long Seed)
{
    /// <summary>The mixture that settings ask for.</summary>
    /// <param name="settings">The run's settings.</param>
    /// <param name="writer">A writer in place of the T5 that the settings name.</param>
    /// <exception cref="GenQException">There are more crops than queries, or a writer or a judge is missing.</exception>
    public static QueryMixture Of(GenQSettings settings, IQueryWriter? writer)
    {
        QuerySettings query = settings.Query;
        int count = query.Count ?? (writer as ChatQueryWriter)?.Kinds.Sum(kind => kind.Count) ?? new DecodingOptions().Count;
        if (writer is null && settings.Chat.Writer is { } model)
        {
            throw new GenQException($"The queries are to be written by {model}, and nothing here speaks to it: a client has to be given, or the T5 taken.")
            {
                Where = "chat.writer",
                Remedy = new Remedy.Change(("chat.writer", null)),
            };
        }

        query.RequireJudge(isByLanguageModel: writer is ChatQueryWriter, ratesItsQueries: writer is ChatQueryWriter { RatesItsQueries: true });
        if (writer is null)
        {
            DecodingOptions decoding = query.Over(DecodingOptions.Of(ModelFolder.Resolve(settings.Generator)), settings.Seed);
            count = decoding.Count;
            writer = new T5QueryWriter(settings.Generator, decoding, settings.Precision, query.Int8Weights, query.Kinds, settings.Judge, query.JudgeThreshold);
        }

        if (query.Crops > count)
        {
            throw new GenQException($"Of {count} queries a passage {query.Crops} cannot be crops.")
            {
                Where = "query.crops",
                Remedy = new Remedy.Change(("query.crops", $"{count}"), ("query.count", $"{query.Crops}")),
            };
        }

        return new QueryMixture(writer, count, query.Crops, settings.Seed);
    }

    /// <summary>What decides the queries, by name.</summary>
    public Dictionary<string, string> Identity => new(Writer.Identity)
    {
        ["count"] = Count.ToString(CultureInfo.InvariantCulture),
        ["crops"] = Crops.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The writers, each with the number of its first query and how many it writes.</summary>
    public IEnumerable<(IQueryWriter Writer, int FirstSample, int Count)> Parts
    {
        get
        {
            if (Count > Crops) yield return (Writer, 0, Count - Crops);
            if (Crops > 0) yield return (new CropQueryWriter(Seed), Count - Crops, Crops);
        }
    }

    /// <summary>What the queries of a passage are, in words.</summary>
    /// <param name="count">Queries of a passage in all.</param>
    /// <param name="crops">How many of them are spans cut out of it.</param>
    public static string Words(int count, int crops) => crops == 0 ? "generated queries"
        : crops == count ? "spans cut out of the passages, in place of queries,"
        : $"queries, {crops} of {count} cut out of their passage, the others generated,";
}
