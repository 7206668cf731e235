using System.Globalization;
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
/// <param name="kinds">How many queries of each kind, as "question=2,keywords=1"; the default is the generator's own.</param>
/// <param name="judge">
/// A judge of queries, a folder or a name: of the candidates those stay that it finds most like a person's, in place of the likeliest. The default is
/// none.
/// </param>
/// <param name="judgeThreshold">A query of which the judge is less sure than this, 0 to 1, stays empty.</param>
public sealed class T5QueryWriter(
    string model, DecodingOptions? options = null, Precision precision = Precision.Auto, bool int8Weights = false, string? kinds = null,
    string? judge = null, double judgeThreshold = T5QueryWriter.DefaultJudgeThreshold) : IQueryWriter, IDisposable
{
    /// <summary>The judge's probability below which a query stays empty.</summary>
    public const double DefaultJudgeThreshold = 0.6;

    // Passages given to the generator together.
    private const int PassagesPerPart = 128;

    // How often a query that is empty or repeats another of its passage is drawn anew where there are no candidates to choose from, and how boldly at
    // least: of what a cold draw finds again and again there is little else.
    private const int FurtherDraws = 2;
    private const double BoldTemperature = 1;

    private T5Generator? _generator;
    private QueryJudge? _judge;

    /// <summary>How it writes; the count is how many queries a passage gets where nothing else is asked.</summary>
    public DecodingOptions Options => field ??= options ?? DecodingOptions.Of(ModelFolder.Resolve(model));

    /// <summary>The kinds of query that it writes; empty where the generator knows but one.</summary>
    public IReadOnlyList<QueryTask> Kinds => field ??= QueryTask.Of(model, kinds);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Identity
    {
        get
        {
            Dictionary<string, string> identity = SettingsSchema<DecodingOptions>.Identity(Options);
            identity.Remove("count");
            if (Kinds.Count > 0) identity["kinds"] = string.Join(',', Kinds.Select(kind => $"{kind.Name}={kind.Count}"));
            identity["seed"] = $"{Options.Seed}";
            identity["generator"] = Fingerprint.OfModel(ModelFolder.Resolve(model));
            if (judge is not null) identity["judge"] = string.Create(CultureInfo.InvariantCulture, $"{Fingerprint.OfModel(ModelFolder.Resolve(judge))}, threshold {judgeThreshold}");
            identity["precision"] = CpuFeatures.Current.Resolve(precision).ToString().ToLowerInvariant() + (int8Weights ? ", int8" : "");
            return identity;
        }
    }

    /// <summary>Writes queries for one text, as many as the options say.</summary>
    public IReadOnlyList<WrittenQuery> Write(string text, CancellationToken cancellation = default)
    {
        Options.Validate();
        return Write([new Passage(text, text)], Options, cancellation)[0];
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<PassageQueries> WriteAsync(QueryRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);

        // Nothing here waits for anything, and the threads of matrix multiplications belong to the thread that asks for them: so no await.
        return Write(request, cancellation).ToAsyncEnumerable();
    }

    /// <summary>Frees the networks; the next query would load them again.</summary>
    public void Dispose()
    {
        _generator?.Dispose();
        _judge?.Dispose();
        (_generator, _judge) = (null, null);
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
            WrittenQuery[][] written = Write([.. part.Select(i => request.Passages[i])], decoding, cancellation);
            for (int i = 0; i < part.Length; i++) yield return new PassageQueries(part[i], written[i]);
        }
    }

    // Query n of a passage is of the n-th kind that is dealt, and the next that this kind writes of it.
    private WrittenQuery[][] Write(Passage[] passages, DecodingOptions decoding, CancellationToken cancellation)
    {
        IReadOnlyList<QueryTask?> dealt = Kinds.Count == 0 ? new QueryTask?[decoding.Count] : [.. QueryTask.Deal(Kinds, decoding.Count)];
        IGrouping<QueryTask?, int>[] places = [.. dealt.Index().GroupBy(query => query.Item, query => query.Index)];
        (QueryTask? Task, int Count)[] tasks = [.. places.Select(task => (task.Key, task.Count()))];
        IReadOnlyList<GeneratedText[]>[] texts = judge is not null
            ? Choose(passages, tasks, decoding, cancellation)
            : [.. tasks.Select(task => Generate(passages, decoding with { Count = task.Count }, task.Task, cancellation))];
        WrittenQuery[][] written = [.. passages.Select(_ => new WrittenQuery[decoding.Count])];
        foreach ((IGrouping<QueryTask?, int> task, IReadOnlyList<GeneratedText[]> own) in places.Zip(texts))
        {
            for (int i = 0; i < passages.Length; i++)
            {
                foreach ((int query, int place) in task.Index()) written[i][place] = Written(own[i][query], task.Key);
            }
        }

        return written;
    }

    private static WrittenQuery Written(GeneratedText query, QueryTask? task) => new(query.Text, PairKind.Generated, query.LogProbability, task?.Name);

    private IReadOnlyList<GeneratedText[]> Generate(Passage[] passages, DecodingOptions decoding, QueryTask? task, CancellationToken cancellation)
    {
        string prefix = task?.Prefix ?? "";
        IReadOnlyList<GeneratedText[]> written = Generator.Generate([.. passages.Select(passage => (prefix + passage.Id, passage.SearchText))], decoding, prefix, cancellation);
        DecodingOptions bold = decoding with { Temperature = Math.Max(decoding.Temperature, BoldTemperature) };
        for (int draw = 1; draw <= FurtherDraws && decoding is { Method: DecodingMethod.Sample, Candidates: 1 }; draw++)
        {
            int[] useless = [.. Enumerable.Range(0, passages.Length).Where(i => CountUseful(written[i]) < written[i].Length)];
            if (useless.Length == 0) break;
            (string, string)[] again = [.. useless.Select(i => ($"{prefix}{passages[i].Id} {draw}", passages[i].SearchText))];
            foreach ((int i, GeneratedText[] further) in useless.Zip(Generator.Generate(again, bold, prefix, cancellation))) ReplaceUseless(written[i], further);
        }

        return written;
    }

    // The judge reads a passage once, with all that was drawn for it of every kind; the generator's own opinion counts as a threshold alone.
    private IReadOnlyList<GeneratedText[]>[] Choose(Passage[] passages, (QueryTask? Task, int Count)[] tasks, DecodingOptions decoding, CancellationToken cancellation)
    {
        ILookup<int, Candidate> drawn = Draw(passages, tasks, decoding, cancellation).ToLookup(candidate => candidate.Passage);
        _judge ??= QueryJudge.Load(judge!, precision);
        IReadOnlyList<double[]> judged = _judge.Judge(
            [.. passages.Select((passage, i) => (passage.SearchText, (IReadOnlyList<string>)[.. drawn[i].Select(candidate => candidate.Query.Text)]))], cancellation);
        ILookup<(int, QueryTask?), (Candidate Candidate, double Probability)> all =
            passages.SelectMany((_, i) => drawn[i].Zip(judged[i])).ToLookup(pair => (pair.First.Passage, pair.First.Task));
        return [.. tasks.Select(task => passages.Select((_, i) => Best(all[(i, task.Task)], task.Count)).ToArray())];
    }

    // Kind after kind of the same windows: what the generator has found of their words it finds again.
    private IEnumerable<Candidate> Draw(Passage[] passages, (QueryTask? Task, int Count)[] tasks, DecodingOptions decoding, CancellationToken cancellation)
    {
        IReadOnlyList<string>[] windows = [.. passages.Select(passage => PassageWindows.Of(passage, decoding.WindowWords))];
        foreach (IGrouping<int, int> alike in Enumerable.Range(0, passages.Length).GroupBy(i => windows[i].Count))
        {
            (int Passage, int Window)[] places = [.. alike.SelectMany(i => Enumerable.Range(0, alike.Key).Select(window => (i, window)))];
            foreach ((QueryTask? task, int queries) in tasks)
            {
                // As many as without windows, and some of each window.
                int count = Math.Max(decoding.Candidates, (queries * decoding.Candidates + alike.Key - 1) / alike.Key);
                string prefix = task?.Prefix ?? "";
                (string, string)[] texts = [.. places.Select(place => ($"{prefix}{passages[place.Passage].Id} {place.Window}", windows[place.Passage][place.Window]))];
                IReadOnlyList<GeneratedText[]> written = Generator.Generate(texts, decoding with { Count = count, Candidates = 1 }, prefix, cancellation);
                foreach ((var (passage, window), GeneratedText[] drawn) in places.Zip(written))
                {
                    foreach (GeneratedText query in drawn) yield return new Candidate(passage, window, task, query);
                }
            }
        }
    }

    // The best of each window before the second best of any, so that the queries are spread over the passage.
    private GeneratedText[] Best(IEnumerable<(Candidate Candidate, double Probability)> judged, int count)
    {
        IEnumerable<GeneratedText> best = judged
            .Where(pair => pair.Probability >= judgeThreshold && pair.Candidate.Query.Text.Trim().Length > 0)
            .OrderByDescending(pair => pair.Probability)
            .DistinctBy(pair => pair.Candidate.Query.Text.Trim())
            .GroupBy(pair => pair.Candidate.Window)
            .SelectMany(window => window.Index())
            .OrderBy(ranked => ranked.Index)
            .ThenByDescending(ranked => ranked.Item.Probability)
            .Select(ranked => ranked.Item.Candidate.Query);
        return [.. best.Concat(Enumerable.Repeat(new GeneratedText("", 0), count)).Take(count)];
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
