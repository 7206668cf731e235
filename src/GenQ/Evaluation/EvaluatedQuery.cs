using GenQ.Data;

namespace GenQ.Evaluation;

/// <summary>How one query was answered by each row of a comparison: a line of report/queries.jsonl.</summary>
/// <param name="Id">The query's id.</param>
/// <param name="Text">What was asked.</param>
/// <param name="Relevant">The ids of the passages that answer it.</param>
/// <param name="Results">By the name of the row.</param>
internal sealed record EvaluatedQuery(string Id, string Text, IReadOnlyList<string> Relevant, IReadOnlyDictionary<string, QueryResult> Results)
{
    /// <summary>The queries of a comparison, in its order.</summary>
    public static IEnumerable<EvaluatedQuery> Of(RetrievalTask task, ModelComparison comparison)
    {
        Dictionary<string, string> texts = task.Queries.ToDictionary(query => query.Id, query => query.Text);
        for (int i = 0; i < comparison.Results[0].Metrics.Queries.Count; i++)
        {
            string id = comparison.Results[0].Metrics.Queries[i].Query;
            string[] relevant = [.. task.Relevant[id].Where(passage => passage.Value > 0).Select(passage => passage.Key)];
            yield return new EvaluatedQuery(id, texts[id], relevant, comparison.Results.ToDictionary(
                row => row.Model, row => new QueryResult(row.Metrics.Queries[i].Ndcg10, row.Metrics.Queries[i].Rank, row.Metrics.Queries[i].Top)));
        }
    }

    /// <summary>Writes a file of them.</summary>
    /// <exception cref="GenQException">It cannot be written.</exception>
    public static void Write(string path, IEnumerable<EvaluatedQuery> queries) => JsonLine.Write(path, queries, static (json, query) =>
    {
        json.WriteString("_id", query.Id);
        json.WriteString("text", query.Text);
        WriteIds("relevant", query.Relevant);
        json.WriteStartObject("results");
        foreach ((string row, QueryResult result) in query.Results)
        {
            json.WriteStartObject(row);
            json.WriteNumber("ndcg@10", Math.Round(result.Ndcg10, 6));
            if (result.Rank is { } rank) json.WriteNumber("rank", rank);
            else json.WriteNull("rank");
            WriteIds("top", result.Top);
            json.WriteEndObject();
        }

        json.WriteEndObject();

        void WriteIds(string name, IReadOnlyList<string> ids)
        {
            json.WriteStartArray(name);
            foreach (string id in ids) json.WriteStringValue(id);
            json.WriteEndArray();
        }
    });

    /// <summary>Streams the queries of a file.</summary>
    /// <exception cref="GenQException">It cannot be read, or a line is no such query.</exception>
    public static IEnumerable<EvaluatedQuery> Read(string path)
    {
        foreach (JsonLine line in JsonLine.Read(path))
        {
            EvaluatedQuery query;
            try
            {
                query = new EvaluatedQuery(
                    line.Text("_id"),
                    line.Text("text"),
                    line.Root.List("relevant", id => id.GetString() ?? ""),
                    line.Root.Entries("results", row => new QueryResult(
                        row.Field("ndcg@10")?.GetDouble() ?? throw JsonFields.Missing("ndcg@10"), row.WholeNumber("rank"), row.List("top", id => id.GetString() ?? ""))));
            }
            catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException)
            {
                throw line.Error($"is no measured query: {e.Message}");
            }

            yield return query;
        }
    }
}
