using GenQ.Data;
using GenQ.Retrieval;

namespace GenQ.Web;

/// <summary>What a page shows of one version of a run beside its search: each part is read when it is first asked for.</summary>
internal sealed class RunContents
{
    private readonly Lazy<Dictionary<string, Passage>> _byId;
    private readonly Lazy<RunDocuments> _documents;
    // What cannot be read now may be whole at the next question.
    private readonly Lazy<ILookup<string, GeneratedQuery>> _queries;
    private readonly Lazy<Analyzer> _analyzer;

    /// <summary>Reads nothing yet.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="passages">Its passages.</param>
    /// <param name="documents">Where the documents lie now, if they have moved.</param>
    public RunContents(RunFolder run, IReadOnlyList<Passage> passages, string? documents)
    {
        Passages = passages;
        _byId = new(() => passages.ToDictionary(passage => passage.Id));
        _documents = new(() => RunDocuments.Find(run, passages.Select(passage => passage.Origin?.Source).OfType<string>().ToHashSet(), documents));
        _queries = new(() => GeneratedQueries.Read(run), LazyThreadSafetyMode.PublicationOnly);
        _analyzer = new(() => EnglishText.AnalyzerFor(passages));
    }

    /// <summary>The passages, in the order of the run.</summary>
    public IReadOnlyList<Passage> Passages { get; }

    /// <summary>The files that were read.</summary>
    public RunDocuments Documents => _documents.Value;

    /// <summary>The generated queries, by the id of their passage.</summary>
    public ILookup<string, GeneratedQuery> Queries => _queries.Value;

    /// <summary>A passage by its id; <see langword="null"/> where there is none.</summary>
    public Passage? Find(string id) => _byId.Value.GetValueOrDefault(id);

    /// <summary>The training query of a passage that shares most words with what is asked; <see langword="null"/> where the passage has none.</summary>
    public string? NearestTrainingQuery(string passage, string asked)
    {
        HashSet<string> terms = [.. _analyzer.Value.Terms(asked)];
        return KnownQueries()[passage].Where(query => query.IsTrainedOn).Select(query => query.Text).MaxBy(Likeness);

        // Jaccard's: the share of the words of either that both have.
        double Likeness(string query)
        {
            HashSet<string> own = [.. _analyzer.Value.Terms(query)];
            int common = own.Count(terms.Contains);
            return common / (double)Math.Max(own.Count + terms.Count - common, 1);
        }
    }

    // Without them a search still answers; it only cannot say what the passage was trained on.
    private ILookup<string, GeneratedQuery> KnownQueries()
    {
        try
        {
            return Queries;
        }
        catch (GenQException)
        {
            return Enumerable.Empty<GeneratedQuery>().ToLookup(_ => "");
        }
    }
}
