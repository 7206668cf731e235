using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;

namespace GenQ.Generation;

/// <summary>
/// Writes the queries that a passage answers, with a T5 that was trained on (passage, query) pairs: the heart of GenQ
/// (Thakur et al. 2021, BEIR, section 5; after docTTTTTquery, Nogueira and Lin 2019).
/// </summary>
/// <remarks>The network is loaded with the first query. One call at a time: an instance is not thread-safe.</remarks>
/// <param name="model">A folder, or a name on the hub such as <c>BeIR/query-gen-msmarco-t5-base-v1</c>.</param>
/// <param name="options">How to write, but for the count, which is asked for; the defaults are the generator's own settings.</param>
/// <param name="precision">The precision of matrix multiplications.</param>
/// <param name="int8Weights">Whether weights are 8-bit whole numbers: faster where the processor can, a little less exact.</param>
public sealed class T5QueryWriter(
    string model, DecodingOptions? options = null, Precision precision = Precision.Auto, bool int8Weights = false) : IQueryWriter, IDisposable
{
    // Passages given to the generator together.
    private const int PassagesPerPart = 128;

    // How often a query that is empty or repeats another of its passage is drawn anew, and how boldly at least: of what a cold draw finds again
    // and again there is little else.
    private const int FurtherDraws = 2;
    private const double BoldTemperature = 1;

    private T5Generator? _generator;

    /// <summary>How it writes; the count is how many queries a passage gets where nothing else is asked.</summary>
    public DecodingOptions Options => field ??= options ?? DecodingOptions.Of(ModelFolder.Resolve(model));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Identity
    {
        get
        {
            Dictionary<string, string> identity = SettingsSchema<DecodingOptions>.Identity(Options);
            identity.Remove("count");
            identity["seed"] = $"{Options.Seed}";
            identity["generator"] = Fingerprint.OfModel(ModelFolder.Resolve(model));
            identity["precision"] = CpuFeatures.Current.Resolve(precision).ToString().ToLowerInvariant() + (int8Weights ? ", int8" : "");
            return identity;
        }
    }

    /// <summary>Writes queries for one text, as many as the options say.</summary>
    public IReadOnlyList<GeneratedText> Write(string text, CancellationToken cancellation = default)
        => Generator.Generate([(text, text)], Options, cancellation)[0];

    /// <inheritdoc/>
    public IAsyncEnumerable<PassageQueries> WriteAsync(QueryRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);

        // Nothing here waits for anything, and the threads of matrix multiplications belong to the thread that asks for them: so no await.
        return Write(request, cancellation).ToAsyncEnumerable();
    }

    /// <summary>Frees the network; the next query would load it again.</summary>
    public void Dispose()
    {
        _generator?.Dispose();
        _generator = null;
    }

    private T5Generator Generator => _generator ??= T5Generator.Load(model, precision, int8Weights: int8Weights);

    // Similar lengths are batched together, so all passages are sorted before they are cut into parts.
    private IEnumerable<PassageQueries> Write(QueryRequest request, CancellationToken cancellation)
    {
        DecodingOptions decoding = Options with { Count = request.Count };
        decoding.Validate();
        foreach (int[] part in Enumerable.Range(0, request.Passages.Count).OrderByDescending(i => request.Passages[i].SearchText.Length).Chunk(PassagesPerPart))
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyList<GeneratedText[]> written = Generate([.. part.Select(i => request.Passages[i])], decoding, cancellation);
            for (int i = 0; i < part.Length; i++)
                yield return new PassageQueries(part[i], [.. written[i].Select(query => new WrittenQuery(query.Text, PairKind.Generated, query.LogProbability))]);
        }
    }

    private IReadOnlyList<GeneratedText[]> Generate(Passage[] passages, DecodingOptions decoding, CancellationToken cancellation)
    {
        IReadOnlyList<GeneratedText[]> written = Generator.Generate([.. passages.Select(passage => (passage.Id, passage.SearchText))], decoding, cancellation);
        DecodingOptions bold = decoding with { Temperature = Math.Max(decoding.Temperature, BoldTemperature) };
        for (int draw = 1; draw <= FurtherDraws && decoding.Method == DecodingMethod.Sample; draw++)
        {
            int[] useless = [.. Enumerable.Range(0, passages.Length).Where(i => CountUseful(written[i]) < written[i].Length)];
            if (useless.Length == 0) break;
            (string, string)[] again = [.. useless.Select(i => ($"{passages[i].Id} {draw}", passages[i].SearchText))];
            foreach ((int i, GeneratedText[] further) in useless.Zip(Generator.Generate(again, bold, cancellation))) ReplaceUseless(written[i], further);
        }

        return written;
    }

    private static int CountUseful(GeneratedText[] queries) => queries.Select(query => query.Text.Trim()).Where(text => text.Length > 0).Distinct().Count();

    private static void ReplaceUseless(GeneratedText[] queries, GeneratedText[] further)
    {
        // An empty one counts as seen.
        HashSet<string> seen = ["", .. queries.Select(query => query.Text.Trim())], kept = [""];
        Queue<GeneratedText> fresh = new(further.Where(query => seen.Add(query.Text.Trim())));
        for (int i = 0; i < queries.Length; i++)
        {
            if (!kept.Add(queries[i].Text.Trim()) && fresh.TryDequeue(out GeneratedText other)) queries[i] = other;
        }
    }
}
