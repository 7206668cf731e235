using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;

namespace GenQ.Filtering;

/// <summary>
/// Finds the queries that lead back to the passage that they were written for, when they are asked of the whole corpus: round-trip consistency, Alberti
/// et al. 2019, "Synthetic QA Corpora Generation with Roundtrip Consistency"; for search Dai et al. 2022, "Promptagator". A query that does not is vague,
/// or asks for what other passages say.
/// </summary>
internal static class RoundTrip
{
    // Queries searched together.
    private const int Together = 1024;

    /// <summary>Searches with the base and BM25 together.</summary>
    /// <param name="run">The run. It keeps the base's vectors of its passages: an interrupted filter goes on behind what is encoded, and the evaluation reads them.</param>
    /// <param name="settings">The base, its precision, and the rank.</param>
    /// <param name="rank">Among how many of the best a passage has to be, at least 1.</param>
    /// <param name="passages">The passages of the run.</param>
    /// <param name="pairs">Queries and the passages that they were written for; one of none of the run's passages counts as found, since it cannot be told.</param>
    /// <param name="progress">Told of texts encoded.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>For each pair whether its query finds its passage.</returns>
    public static bool[] Find(
        RunFolder run, GenQSettings settings, int rank, IReadOnlyList<Passage> passages, IReadOnlyList<QueryPassagePair> pairs, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        string[] texts = [.. passages.Select(passage => passage.SearchText)], fields = [.. texts.Select(PairFiles.OneField)];
        HashSet<string> known = [.. fields];
        using BiEncoder model = BiEncoder.Load(settings.Base, new BiEncoderOptions { Precision = settings.Precision });
        string file = Vectors(run, settings);
        if (!File.Exists(file)) IndexParts.Write(file, settings.Base, model, texts, progress.Of<int>("reading with the base", read => (read, texts.Length, "")), cancellation);
        using PassageIndex vectors = PassageIndex.Open(file);
        Bm25Index words = Bm25Index.Build(passages, EnglishText.AnalyzerFor(passages));
        HybridSearcher both = new(words, vectors, RunIndex.WordsWeightOf(words, vectors, model, AskedQueries.Of(run)));
        bool[] found = new bool[pairs.Count];
        int done = 0;
        foreach (QueryPassagePair[] part in pairs.Chunk(Together))
        {
            string[] asked = [.. part.Select(pair => pair.Query)];
            ReadOnlyMemory<float>[] embeddings = [.. model.EncodeQueries(asked, cancellation: cancellation).Select(query => (ReadOnlyMemory<float>)query)];
            foreach ((QueryPassagePair pair, IReadOnlyList<SearchResult> best) in part.Zip(both.Search(asked, embeddings, rank)))
                found[done++] = !known.Contains(pair.Passage) || best.Any(result => fields[result.Passage] == pair.Passage);
            progress?.Report(new StageProgress("finding the queries' passages", done, pairs.Count, ""));
        }

        return found;
    }

    /// <summary>The file of the base's vectors; another processor may compute in another precision.</summary>
    public static string Vectors(RunFolder run, GenQSettings settings) => Path.Combine(run.BaseVectors, $"{settings.PrecisionInUse}.vectors");

    /// <summary>Takes the vectors away.</summary>
    public static void Discard(RunFolder run)
    {
        if (Directory.Exists(run.BaseVectors)) Directory.Delete(run.BaseVectors, recursive: true);
    }
}
