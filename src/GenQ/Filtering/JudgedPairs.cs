using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Text;

namespace GenQ.Filtering;

/// <summary>What people's judgements make of the pairs of a run: what they have rejected does not train, what they have written does.</summary>
internal sealed class JudgedPairs
{
    private readonly HashSet<QueryPassagePair> _rejected;
    private readonly QueryPassagePair[] _added;

    private JudgedPairs(IEnumerable<QueryPassagePair> rejected, IEnumerable<QueryPassagePair> added) => (_rejected, _added) = ([.. rejected], [.. added]);

    /// <summary>Names what is judged; <see langword="null"/> where nothing is.</summary>
    public string? Hash => _rejected.Count + _added.Length == 0
        ? null
        : $"{Fingerprint.OfPairs([.. _rejected.OrderBy(pair => pair.Passage, StringComparer.Ordinal).ThenBy(pair => pair.Query, StringComparer.Ordinal)])}, {Fingerprint.OfPairs(_added)}";

    /// <summary>Reads the judgements. One of a passage that the run has not, or that is set aside and may not train, is passed over.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="passages">Its passages.</param>
    public static JudgedPairs Read(RunFolder run, IReadOnlyList<Passage> passages)
    {
        Judgements judgements = Judgements.Open(run);
        if (judgements.Rejected.Count + judgements.Added.Count == 0) return new JudgedPairs([], []);
        HashSet<string> heldOut = HoldOut.IdsOf(run);
        Dictionary<string, string> fields = passages.Where(passage => !heldOut.Contains(passage.Id)).ToDictionary(passage => passage.Id, passage => PairFiles.OneField(passage.SearchText));
        return new JudgedPairs(Pairs(judgements.Rejected), Pairs(judgements.Added));

        IEnumerable<QueryPassagePair> Pairs(IEnumerable<PassageQuery> judged)
            => judged.Where(query => fields.ContainsKey(query.Passage)).Select(query => new QueryPassagePair(query.Query, fields[query.Passage]));
    }

    /// <summary>Leaves the rejected pairs out, and puts those behind the others that people have written.</summary>
    public IEnumerable<QueryPassagePair> Apply(IEnumerable<QueryPassagePair> pairs) => pairs.Where(pair => !_rejected.Contains(pair)).Concat(_added);

    /// <summary>Says it in a line.</summary>
    public override string ToString() => $"labelled/: {_rejected.Count} rejected pairs are left out, {_added.Length} pairs that people wrote are trained on";
}
