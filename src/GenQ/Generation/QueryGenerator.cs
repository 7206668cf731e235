using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;

namespace GenQ.Generation;

/// <summary>
/// Writes the queries that a passage answers, with a T5 that was trained on (passage, query) pairs: the heart of GenQ
/// (Thakur et al. 2021, BEIR, section 5; after docTTTTTquery, Nogueira and Lin 2019).
/// </summary>
/// <remarks>One call at a time: an instance is not thread-safe.</remarks>
public sealed class QueryGenerator : IDisposable
{
    // Passages given to the generator between two reports of progress.
    private const int PassagesPerReport = 128;

    // How often a query that is empty or repeats another of its passage is drawn anew, and how boldly at least: of what a cold draw finds again
    // and again there is little else.
    private const int FurtherDraws = 2;
    private const double BoldTemperature = 1;

    private readonly T5Generator _generator;
    private readonly DecodingOptions _options;

    private QueryGenerator(T5Generator generator, DecodingOptions options) => (_generator, _options) = (generator, options);

    /// <summary>Loads the T5 that writes the queries.</summary>
    /// <param name="model">A folder, or a name on the hub such as <c>BeIR/query-gen-msmarco-t5-base-v1</c>.</param>
    /// <param name="options">How to write; the defaults are the published settings.</param>
    /// <param name="precision">The precision of the products.</param>
    /// <param name="int8Weights">Whether products are of 8-bit whole numbers: faster where the processor can, a little less exact.</param>
    /// <exception cref="GenQException">The model cannot be loaded.</exception>
    public static QueryGenerator Load(string model, DecodingOptions? options = null, Precision precision = Precision.Auto, bool int8Weights = false)
        => new(T5Generator.Load(model, precision, int8Weights: int8Weights), options ?? new DecodingOptions());

    /// <summary>Writes queries for one text.</summary>
    public IReadOnlyList<string> Generate(string text)
        => [.. _generator.Generate([(text, text)], _options)[0].Select(query => query.Text)];

    /// <summary>Writes queries for passages. A query that is empty or repeats another of its passage is drawn anew, twice at most.</summary>
    /// <returns>For each passage, in order, its queries.</returns>
    public IReadOnlyList<GeneratedText[]> Generate(IReadOnlyList<Passage> passages, CancellationToken cancellation = default)
        => Generate(passages, _options, cancellation);

    /// <summary>
    /// Writes the queries of all passages into pair files; a file that is there already stays as it is. Pair k is sample
    /// k mod n of passage k div n, n being the queries per passage; so a file depends on nothing but its number. A passage's
    /// last samples are the cropped ones.
    /// </summary>
    /// <param name="passages">The passages, in the order of the run.</param>
    /// <param name="folder">The folder of the pair files.</param>
    /// <param name="count">Queries per passage, at least 1; those of the options where it is left out.</param>
    /// <param name="crops">How many of a passage's queries are spans cut out of it in place of generated ones: at least 0, and no more than it has.</param>
    /// <param name="progress">Told after every few dozen passages.</param>
    /// <param name="cancellation">Stops at the next token; whole files stay.</param>
    public void Generate(
        IReadOnlyList<Passage> passages,
        string folder,
        int? count = null,
        int crops = 0,
        IProgress<GenerationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        int perPassage = count ?? _options.Count, generated = perPassage - crops;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perPassage, nameof(count));
        ArgumentOutOfRangeException.ThrowIfNegative(crops);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(crops, perPassage);
        int total = passages.Count * perPassage, files = PairFiles.Count(total);
        foreach (int file in Enumerable.Range(0, files).Where(file => !PairFiles.IsWritten(folder, file)))
        {
            int firstPair = file * PairFiles.PairsPerFile, endPair = Math.Min(total, firstPair + PairFiles.PairsPerFile);
            int firstPassage = firstPair / perPassage, endPassage = (endPair + perPassage - 1) / perPassage;

            // Similar lengths are batched together, so the whole file is sorted before it is cut into reports.
            Passage[] chosen = [.. passages.Skip(firstPassage).Take(endPassage - firstPassage)];
            GeneratedText[][] written = new GeneratedText[chosen.Length][];
            int done = 0;
            foreach (int[] part in Enumerable.Range(0, chosen.Length).OrderByDescending(i => chosen[i].SearchText.Length).Chunk(PassagesPerReport))
            {
                cancellation.ThrowIfCancellationRequested();
                Passage[] read = [.. part.Select(i => chosen[i])];
                IReadOnlyList<GeneratedText[]> queries = generated == 0
                    ? [.. read.Select(_ => Array.Empty<GeneratedText>())]
                    : Generate(read, _options with { Count = generated }, cancellation);
                for (int i = 0; i < part.Length; i++) written[part[i]] = [.. queries[i], .. Crops(chosen[part[i]], generated, crops)];
                done += part.Length * perPassage;
                progress?.Report(new(Math.Min(firstPair + done, endPair), total, written[part[0]][0].Text));
            }

            int[] pairs = [.. Enumerable.Range(firstPair, endPair - firstPair)];
            PairOrigin Origin(int pair)
            {
                (string passage, int sample) = (passages[pair / perPassage].Id, pair % perPassage);
                return sample < generated
                    ? new PairOrigin(passage, sample, PairKind.Generated, Text(pair).LogProbability)
                    : new PairOrigin(passage, sample, PairKind.Cropped, null);
            }

            GeneratedText Text(int pair) => written[pair / perPassage - firstPassage][pair % perPassage];
            PairFiles.Write(
                folder,
                file,
                [.. pairs.Select(pair => new QueryPassagePair(Text(pair).Text, passages[pair / perPassage].SearchText))],
                [.. pairs.Select(pair => Origin(pair))]);
        }
    }

    private IReadOnlyList<GeneratedText[]> Generate(IReadOnlyList<Passage> passages, DecodingOptions options, CancellationToken cancellation)
    {
        IReadOnlyList<GeneratedText[]> written = _generator.Generate([.. passages.Select(passage => (passage.Id, passage.SearchText))], options, cancellation);
        DecodingOptions bold = options with { Temperature = Math.Max(options.Temperature, BoldTemperature) };
        for (int draw = 1; draw <= FurtherDraws && options.Method == DecodingMethod.Sample; draw++)
        {
            int[] useless = [.. Enumerable.Range(0, passages.Count).Where(i => CountUseful(written[i]) < written[i].Length)];
            if (useless.Length == 0) break;
            (string, string)[] again = [.. useless.Select(i => ($"{passages[i].Id} {draw}", passages[i].SearchText))];
            foreach ((int i, GeneratedText[] further) in useless.Zip(_generator.Generate(again, bold, cancellation))) ReplaceUseless(written[i], further);
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

    private IEnumerable<GeneratedText> Crops(Passage passage, int firstSample, int crops) => Enumerable.Range(firstSample, crops)
        .Select(sample => new GeneratedText(SpanCropper.Crop(passage, new CounterRandom(_options.Seed, passage.Id, sample)), 0));

    /// <inheritdoc/>
    public void Dispose() => _generator.Dispose();
}
