using GenQ.Compute;
using GenQ.Data;
using GenQ.Text;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>
/// Tells queries that a person would ask of a passage from what a small generator makes up: a network that was trained to know the two apart,
/// as discriminators of generated text are (Bakhtin et al. 2019).
/// </summary>
/// <remarks>Thread-safe once loaded.</remarks>
public sealed class QueryJudge : IDisposable
{
    // The most tokens that are read, in training too.
    private const int MaxPassageLength = 200, MaxQueryLength = 24;

    private readonly QueryJudgeNetwork _network;
    private readonly ITokenizer _tokenizer;

    private QueryJudge(QueryJudgeNetwork network, ITokenizer tokenizer) => (_network, _tokenizer) = (network, tokenizer);

    /// <summary>Loads a judge that <c>genq train-judge</c> has made.</summary>
    /// <param name="nameOrFolder">A folder with config.json, weights and tokenizer, or the name of one that comes with GenQ.</param>
    /// <param name="precision">The precision of the matrix multiplications.</param>
    /// <exception cref="GenQException">A file is missing, broken or of another network.</exception>
    public static QueryJudge Load(string nameOrFolder, Precision precision = Precision.Auto)
    {
        NativeSwitches.Apply();
        string folder = ModelFolder.Resolve(nameOrFolder);
        using IDisposable guard = no_grad();
        QueryJudgeNetwork network = Build(folder);
        Checkpoint.Load(network, folder);
        network.eval();
        if (CpuFeatures.Current.Resolve(precision) == Precision.Bf16) network.ConvertLinearLayers(ScalarType.BFloat16);
        return new QueryJudge(network, Tokenizer.Load(folder));
    }

    /// <summary>Wraps a network in evaluation mode.</summary>
    internal static QueryJudge Wrap(QueryJudgeNetwork network, ITokenizer tokenizer) => new(network, tokenizer);

    /// <summary>Judges the queries of passages.</summary>
    /// <param name="passages">Each passage with its queries.</param>
    /// <param name="cancellation">Checked at every passage.</param>
    /// <returns>For each passage, for each of its queries, the probability, 0 to 1, that it is a person's. An empty query has 0.</returns>
    public IReadOnlyList<double[]> Judge(IReadOnlyList<(string Passage, IReadOnlyList<string> Queries)> passages, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(passages);
        double[][] judged = new double[passages.Count][];

        // Each passage by itself on one thread: what it gives does not depend on its neighbours.
        Threads.SideBySide(passages.Count, i =>
        {
            cancellation.ThrowIfCancellationRequested();
            judged[i] = Judge(passages[i].Passage, passages[i].Queries);
        });
        return judged;
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    /// <summary>Builds the network that a folder's config.json describes, with random weights.</summary>
    internal static QueryJudgeNetwork Build(string folder)
    {
        string file = Path.Combine(folder, "config.json");
        if (!File.Exists(file)) throw new GenQException($"'{file}' is missing: is '{folder}' the folder of a judge?");
        return new QueryJudgeNetwork(ConfigSchema.Read<BertConfig>(file));
    }

    /// <summary>The ids of a passage, cut to what is read.</summary>
    internal static int[] ReadPassage(QueryJudgeNetwork network, ITokenizer tokenizer, string passage)
        => tokenizer.Encode(passage, Math.Min(MaxPassageLength, network.Config.MaxPositionEmbeddings));

    /// <summary>The ids of a query. Case and the question mark say who wrote it, not whether it makes sense: neither is read.</summary>
    internal static int[] ReadQuery(QueryJudgeNetwork network, ITokenizer tokenizer, string query)
        => tokenizer.Encode(query.Trim().TrimEnd('?').TrimEnd().ToLowerInvariant(), Math.Min(MaxQueryLength, network.Config.MaxPositionEmbeddings));

    private double[] Judge(string passage, IReadOnlyList<string> queries)
    {
        string[] asked = [.. queries.Select(query => query.Trim()).Where(query => query.Length > 0).Distinct(StringComparer.Ordinal)];
        if (asked.Length == 0) return new double[queries.Count];
        using IDisposable guard = inference_mode();
        using IDisposable scope = NewDisposeScope();
        (Tensor read, Tensor readMask) = T5Generator.Pad([ReadPassage(_network, _tokenizer, passage)], _tokenizer.PadId, CPU);
        (Tensor ids, Tensor mask) = T5Generator.Pad([.. asked.Select(query => ReadQuery(_network, _tokenizer, query))], _tokenizer.PadId, CPU);
        float[] logits = _network.Score(read, readMask, ids, mask).data<float>().ToArray();
        Dictionary<string, double> probability = asked.Zip(logits, (query, logit) => (query, 1 / (1 + Math.Exp(-logit)))).ToDictionary();
        return [.. queries.Select(query => probability.GetValueOrDefault(query.Trim()))];
    }
}
