using System.Globalization;

namespace GenQ.Data;

/// <summary>
/// Reads and writes a retrieval task in BEIR's layout: <c>corpus.jsonl</c>, <c>queries.jsonl</c> and
/// <c>qrels/{split}.tsv</c> with a header and the columns query id, passage id, grade.
/// </summary>
public static class BeirFolder
{
    /// <summary>Reads a task. As in BEIR, only queries that have a judgement in the split are kept.</summary>
    /// <param name="folder">Holds <c>queries.jsonl</c> and <c>qrels/</c>. Its name becomes the task's name.</param>
    /// <param name="split">Which file of <c>qrels/</c>: "test", "dev", "train".</param>
    /// <param name="corpus">The passages that are searched; <see langword="null"/> is <c>corpus.jsonl</c> in the folder.</param>
    /// <exception cref="GenQException">
    /// A file is missing or broken, an id stands twice, a judged query is not in <c>queries.jsonl</c>,
    /// or no judged passage is in the corpus.
    /// </exception>
    public static RetrievalTask Read(string folder, string split = "test", string? corpus = null)
    {
        string qrelsPath = QrelsPath(folder, split);
        (string Line, int Number)[] judgements = [.. InputFile.Lines(qrelsPath)];
        List<(JsonLine Line, RetrievalQuery Query)> queriesOfAllSplits = [];
        foreach (JsonLine line in JsonLine.Read(QueriesPath(folder)))
            queriesOfAllSplits.Add((line, new RetrievalQuery(line.Text("_id"), line.Text("text"))));
        HashSet<string> known = [.. queriesOfAllSplits.Select(line => line.Query.Id)];
        Dictionary<string, Dictionary<string, int>> relevant = [];
        Dictionary<string, int> firstLine = [];
        foreach ((string query, string passage, int grade, int number) in Judgements(qrelsPath, judgements, known))
        {
            if (!relevant.TryGetValue(query, out Dictionary<string, int>? grades))
            {
                relevant[query] = grades = [];
                firstLine[query] = number;
            }

            grades[passage] = grade;
        }

        List<RetrievalQuery> queries = [];
        foreach ((JsonLine line, RetrievalQuery query) in queriesOfAllSplits)
        {
            if (!relevant.ContainsKey(query.Id)) continue;
            if (!firstLine.Remove(query.Id)) throw line.Error($"has the _id \"{query.Id}\" for the second time");
            queries.Add(query);
        }

        foreach ((string query, int number) in firstLine)
        {
            throw new GenQException(
                $"'{qrelsPath}', line {number}, judges the query \"{query}\", which is not in '{QueriesPath(folder)}'.");
        }

        string corpusPath = corpus ?? CorpusPath(folder);
        List<Passage> passages = [];
        HashSet<string> ids = [];
        foreach (Passage passage in PassageFile.Read(corpusPath))
        {
            if (!ids.Add(passage.Id))
                throw new GenQException($"'{corpusPath}' has the _id \"{passage.Id}\" twice; each passage needs its own.");
            passages.Add(passage);
        }

        // Published sets judge a few passages that their corpus lacks, and count them as not found; none at all is a wrong corpus.
        if (!relevant.Values.Any(grades => grades.Keys.Any(ids.Contains)))
            throw new GenQException($"No passage that '{qrelsPath}' judges is in '{corpusPath}': do the two belong together?");

        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return new RetrievalTask(
            name, queries, passages, relevant.ToDictionary(query => query.Key, query => (IReadOnlyDictionary<string, int>)query.Value));
    }

    /// <summary>Writes a task with its corpus.</summary>
    /// <exception cref="GenQException">A file cannot be written.</exception>
    public static void Write(string folder, RetrievalTask task, string split = "test")
    {
        ArgumentNullException.ThrowIfNull(task);
        PassageFile.Write(CorpusPath(folder), task.Corpus);
        WriteQueries(folder, task.Queries, task.Relevant, split);
    }

    /// <summary>Writes queries and judgements only, for a corpus that lies elsewhere.</summary>
    /// <param name="folder">Is created where it is missing.</param>
    /// <param name="queries">The queries, in file order.</param>
    /// <param name="relevant">Query id to passage id to grade; written in the order of the queries.</param>
    /// <param name="split">Which file of <c>qrels/</c>.</param>
    /// <exception cref="GenQException">A file cannot be written.</exception>
    public static void WriteQueries(
        string folder,
        IReadOnlyList<RetrievalQuery> queries,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> relevant,
        string split = "test")
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(relevant);
        // The judgements first: the queries file is the sign that both are there.
        AtomicFile.WriteText(QrelsPath(folder, split), writer =>
        {
            writer.WriteLine("query-id\tcorpus-id\tscore");
            foreach (RetrievalQuery query in queries)
            {
                if (!relevant.TryGetValue(query.Id, out IReadOnlyDictionary<string, int>? grades)) continue;
                foreach ((string passage, int grade) in grades)
                    writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{query.Id}\t{passage}\t{grade}"));
            }
        });
        JsonLine.Write(QueriesPath(folder), queries, static (json, query) =>
        {
            json.WriteString("_id", query.Id);
            json.WriteString("text", query.Text);
        });
    }

    /// <summary>Where a folder keeps its passages.</summary>
    internal static string CorpusPath(string folder) => Path.Combine(folder, "corpus.jsonl");

    private static string QueriesPath(string folder) => Path.Combine(folder, "queries.jsonl");

    private static string QrelsPath(string folder, string split) => Path.Combine(folder, "qrels", split + ".tsv");

    private static IEnumerable<(string Query, string Passage, int Grade, int Number)> Judgements(
        string path, (string Line, int Number)[] lines, HashSet<string> queries)
    {
        bool mayBeHeader = true;
        foreach ((string line, int number) in lines)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            string[] columns = line.Split('\t');
            if (columns.Length == 3 && Grade(columns[2]) is { } grade) yield return (columns[0], columns[1], grade, number);
            else if (!mayBeHeader || !IsHeader(line, queries))
                throw new GenQException($"'{path}', line {number}, is not 'query id<TAB>passage id<TAB>whole number': \"{line}\".");
            mayBeHeader = false;
        }
    }

    // What begins with a query, or ends in a number or in nothing, is a judgement, however its columns are divided.
    private static bool IsHeader(string line, HashSet<string> queries)
    {
        if (line.EndsWith('\t') || queries.Contains(line.Split('\t')[0])) return false;
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return !queries.Contains(words[0]) && !double.TryParse(words[^1], NumberStyles.Float, CultureInfo.InvariantCulture, out _);
    }

    // Some tools write their grades as 1.0.
    private static int? Grade(string column)
        => double.TryParse(column, NumberStyles.Float, CultureInfo.InvariantCulture, out double grade) && grade == (int)grade
            ? (int)grade
            : null;
}
