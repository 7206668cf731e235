using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using GenQ.Data;
using GenQ.Retrieval;
using GenQ.Text;

namespace GenQ.KernelBenchmarks;

/// <summary>A whole search of 100,000 passages as the search page asks for it, but for the encoder: random vectors, and words as frequent as those of a language.</summary>
[Config(typeof(Percentiles))]
public class SearchBenchmarks
{
    private const int Passages = 100_000, Dimensions = 384, WordsOfPassage = 60, Vocabulary = 50_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("genq-bench-").FullName;
    private readonly Random _random = new(42);
    private RunSearcher _searcher = null!;
    private string[] _queries = [];
    private int _next;

    [GlobalSetup]
    public void Open()
    {
        Passage[] passages = [.. Enumerable.Range(0, Passages).Select(i => new Passage($"p{i}", Text(WordsOfPassage), null, new PassageOrigin($"folder{i % 20}/file{i % 1000}.md", $"d{i}", null, 0, 1)))];
        string vectors = Path.Combine(_folder, "passages.vectors");
        PassageIndex.Write(vectors, "random", Dimensions, passages.Select(_ => (ReadOnlyMemory<float>)Vector()));
        _searcher = RunSearcher.Of(passages, new RandomEncoder(Vector), new RunIndex(PassageIndex.Open(vectors), Bm25Index.Build(passages, Analyzer.EnglishNGrams), 0.3f));
        _queries = [.. Enumerable.Range(0, 1000).Select(_ => Text(6))];
    }

    [Benchmark(Description = "10 hits")]
    public SearchAnswer Ten() => _searcher.Search(Next(), new SearchOptions());

    [Benchmark(Description = "100 hits and why, as the page asks")]
    public SearchAnswer Explained() => _searcher.Search(Next(), new SearchOptions { Top = 100, Explain = true });

    [Benchmark(Description = "the same in one folder of 20")]
    public SearchAnswer InFolder() => _searcher.Search(Next(), new SearchOptions { Top = 100, Explain = true, Where = passage => passage.Origin!.Source.StartsWith("folder7/", StringComparison.Ordinal) });

    [GlobalCleanup]
    public void Close()
    {
        _searcher.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Next() => _queries[_next++ % _queries.Length];

    // Zipf: the word of rank r is 1/r as frequent as the first.
    private string Text(int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => $"w{(int)Math.Pow(Vocabulary, _random.NextDouble())}"));

    private float[] Vector() => [.. Enumerable.Range(0, Dimensions).Select(_ => _random.NextSingle() - .5f)];

    private sealed class Percentiles : ManualConfig
    {
        public Percentiles() => AddColumn(StatisticColumn.P50, StatisticColumn.P95, StatisticColumn.Max);
    }

    private sealed class RandomEncoder(Func<float[]> vector) : ISentenceEncoder
    {
        public int Dimensions => SearchBenchmarks.Dimensions;

        public string ModelHash => "random";

        public float[][] Encode(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default) => [.. texts.Select(_ => vector())];

        public float[][] EncodeQueries(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default) => Encode(texts, progress, cancellation);

        public float[][] EncodePassages(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default) => Encode(texts, progress, cancellation);

        public void Dispose()
        {
        }
    }
}
