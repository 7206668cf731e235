using GenQ.Data;
using GenQ.Filtering;
using GenQ.Generation;
using GenQ.Models;

namespace GenQ.Evaluation;

/// <summary>Writes queries for passages that are held out: the generator's, without those that the filter would drop.</summary>
internal static class EvaluationQueries
{
    private const int PassagesPerReport = 64;

    /// <summary>Writes a BEIR folder in which each query has one relevant passage, the one it was written for.</summary>
    /// <param name="folder">Receives queries.jsonl and qrels/test.tsv.</param>
    /// <param name="generator">Writes the queries.</param>
    /// <param name="passages">The held-out passages.</param>
    /// <param name="progress">Told after every few dozen passages.</param>
    /// <param name="cancellation">Stops at the next token; nothing is written.</param>
    /// <exception cref="GenQException">No query is left.</exception>
    public static void Write(
        string folder, QueryGenerator generator, IReadOnlyList<Passage> passages, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        List<RetrievalQuery> queries = [];
        Dictionary<string, IReadOnlyDictionary<string, int>> relevant = [];
        int done = 0;
        foreach (Passage[] part in passages.Chunk(PassagesPerReport))
        {
            foreach ((Passage passage, GeneratedText[] texts) in part.Zip(generator.Generate(part, cancellation)))
            {
                QueryPassagePair[] pairs = [.. texts.Select(text => new QueryPassagePair(text.Text, passage.SearchText))];
                foreach ((int sample, PairVerdict verdict) in PairFilter.Judge(pairs).Index())
                {
                    if (verdict != PairVerdict.Kept) continue;
                    RetrievalQuery query = new($"{passage.Id}?{sample}", pairs[sample].Query);
                    queries.Add(query);
                    relevant[query.Id] = new Dictionary<string, int> { [passage.Id] = 1 };
                }
            }

            done += part.Length;
            progress?.Report(new StageProgress("writing evaluation queries", done, passages.Count, $"\"{queries.LastOrDefault()?.Text}\""));
        }

        if (queries.Count == 0)
        {
            throw new GenQException(
                $"None of the {passages.Count} held-out passages got a query of two words or more, so there is nothing to measure with: "
                + "hold more out (--holdout), take another generator (--generator), or give labelled queries (--labelled FOLDER).");
        }

        BeirFolder.WriteQueries(folder, queries, relevant);
    }
}
