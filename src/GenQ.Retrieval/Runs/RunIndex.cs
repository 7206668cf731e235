using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Text;

namespace GenQ.Retrieval;

/// <summary>The two indexes of a run: the vectors of its passages and their words.</summary>
/// <param name="Vectors">The vectors of the adapted model.</param>
/// <param name="Words">The BM25 index.</param>
/// <param name="WordsWeight">What words count for beside meaning.</param>
internal sealed record RunIndex(PassageIndex Vectors, Bm25Index Words, float WordsWeight) : IDisposable
{
    /// <summary>The name, in <see cref="Identity"/>, of the queries that the words index reads.</summary>
    public const string QueriesName = "queries";

    private const string PassagesName = "passages", WordsWeightName = "words_weight";

    /// <summary>Opens both.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="model">The fingerprint of the model.</param>
    /// <exception cref="GenQException">One is missing, damaged, of another model, or they are of different passages.</exception>
    public static RunIndex Open(RunFolder run, string model)
    {
        PassageIndex? vectors = null;
        try
        {
            vectors = PassageIndex.Open(run.Index, model);
            Bm25Index words = Bm25Index.Load(run.WordIndex);
            return words.Count == vectors.Count ? new RunIndex(vectors, words, ReadWordsWeight(run)) : throw Mismatch(run, words.Count, vectors.Count);
        }
        catch (GenQException e)
        {
            vectors?.Dispose();
            throw new GenQException(e.Message, e) { Where = run.IndexFolder, Remedy = new Remedy.RunStage("index", run.Path) };
        }
    }

    /// <summary>Reads the records of a run that has an index.</summary>
    /// <exception cref="GenQException">It has none yet, its genq.json is damaged, or a newer GenQ has made it.</exception>
    public static RunRecords ReadRecords(RunFolder run) => File.Exists(run.Index)
        ? new RunRecords(run.Settings)
        : throw new GenQException($"'{run.Path}' has no index: finish the run first.") { Where = run.Index, Expected = "an index", Remedy = new Remedy.RunStage("run", run.Path) };

    /// <summary>Refuses a weight of words that is not what the run has found: any number would be as good to read. Both indexes carry a checksum of their own.</summary>
    /// <exception cref="GenQException">It is another one.</exception>
    public static void RequireFusion(RunFolder run, RunRecords records) => new RunFiles(run).RequireWritten(records.Files("index"), run.Fusion);

    /// <summary>Reads the passages that a run's index was made of.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="records">Its records.</param>
    /// <param name="vectors">Its vectors.</param>
    /// <returns>The passages in the order of the vectors, and the fingerprint of their file.</returns>
    /// <exception cref="GenQException">The passages are others now, or cannot be read.</exception>
    public static (Passage[] Passages, string Hash) ReadPassages(RunFolder run, RunRecords records, PassageIndex vectors)
    {
        Passage[] passages = [.. PassageFile.Read(run.Passages)];
        string hash = Fingerprint.OfFile(run.Passages);
        bool isOfPassages = !File.Exists(run.Settings) || records.IsBegunWith("index", Identity(vectors.Model, hash, records.Begun("index", QueriesName)));
        return isOfPassages && passages.Length == vectors.Count ? (passages, hash) : throw Mismatch(run, passages.Length, vectors.Count);
    }

    /// <summary>What decides the indexes, by name.</summary>
    /// <param name="model">The fingerprint of the model.</param>
    /// <param name="passages">The fingerprint of passages.jsonl.</param>
    /// <param name="queries">The fingerprint of the queries that the words index reads; <see langword="null"/> where it reads none.</param>
    public static Dictionary<string, string> Identity(string model, string passages, string? queries)
    {
        Dictionary<string, string> identity = new() { ["model"] = model, [PassagesName] = passages };
        if (queries is not null) identity[QueriesName] = queries;
        return identity;
    }

    /// <summary>Whether both are there, whole, and of this model.</summary>
    public static bool IsWhole(RunFolder run, string model)
    {
        try
        {
            using RunIndex index = Open(run, model);
            return true;
        }
        catch (GenQException)
        {
            return false;
        }
    }

    /// <summary>Makes both; vectors that are there, whole and of this model, stay.</summary>
    /// <param name="run">Receives them.</param>
    /// <param name="encoder">The adapted model.</param>
    /// <param name="passages">The passages, in the order of the run.</param>
    /// <param name="queries">The queries that the words index reads beside a passage's text, by its place.</param>
    /// <param name="progress">Told how many passages are encoded.</param>
    /// <param name="cancellation">Stops between batches; what is encoded stays.</param>
    public static void Write(
        RunFolder run, ISentenceEncoder encoder, IReadOnlyList<Passage> passages, ILookup<int, string> queries, IProgress<int>? progress,
        CancellationToken cancellation)
    {
        Bm25Index.Build(passages, EnglishText.AnalyzerFor(passages), queries).Save(run.WordIndex);
        IndexParts.Write(run.Index, encoder.ModelHash, encoder, [.. passages.Select(passage => passage.SearchText)], progress, cancellation);
    }

    /// <summary>Writes down what words count for beside meaning.</summary>
    public static void WriteWordsWeight(RunFolder run, float weight)
        => AtomicFile.WriteText(run.Fusion, writer => writer.WriteLine(new JsonObject { [WordsWeightName] = weight }.ToJsonString(IndentedJson.Options)));

    /// <summary>Reads what words count for beside meaning; an index of an earlier version does not say it, and has the default.</summary>
    public static float ReadWordsWeight(RunFolder run)
    {
        if (!File.Exists(run.Fusion)) return HybridSearcher.DefaultWordsWeight;
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(run.Fusion));
            return json.RootElement.Field(WordsWeightName) is { ValueKind: JsonValueKind.Number } value && value.TryGetSingle(out float weight) && weight > 0
                ? weight
                : throw new JsonException($"{WordsWeightName} is no number above 0.");
        }
        catch (JsonException e)
        {
            throw new GenQException($"'{run.Fusion}' is damaged: {e.Message}", e);
        }
    }

    /// <summary>Finds what words should count for beside the meaning that an encoder sees, from queries that are asked of the passages.</summary>
    public static float WordsWeightOf(Bm25Index words, PassageIndex vectors, ISentenceEncoder encoder, IReadOnlyList<string> asked)
        => HybridSearcher.FindWordsWeight(words, vectors, asked, [.. encoder.EncodeQueries(asked).Select(query => (ReadOnlyMemory<float>)query)]);

    /// <summary>Takes both away.</summary>
    public static void Delete(RunFolder run) => Disk.Current.Delete(run.IndexFolder);

    /// <inheritdoc/>
    public void Dispose() => Vectors.Dispose();

    // The index is not of these passages.
    private static GenQException Mismatch(RunFolder run, int passages, int indexed) => new(
        $"'{run.Passages}' ({passages:N0} passages) is not what the index was made of ({indexed:N0}). Put the old passages back, or make the index anew.")
    {
        Where = run.IndexFolder,
        Remedy = new Remedy.RunStage("index", run.Path),
    };
}
