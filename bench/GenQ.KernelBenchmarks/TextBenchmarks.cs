using System.Text;
using BenchmarkDotNet.Attributes;
using GenQ.Data;
using GenQ.Retrieval;
using GenQ.Text;
using GenQ.Training;

namespace GenQ.KernelBenchmarks;

/// <summary>Work on texts, on one thread: the pages of GenQ's own documentation, over and over.</summary>
[MemoryDiagnoser]
public class TextBenchmarks
{
    private const int Pairs = 1_000_000;

    private readonly ITokenizer _wordPiece = Tokenizer.Load(ModelFolder.Resolve("genq-mini-mpnet"));
    private readonly ITokenizer _sentencePiece = Tokenizer.Load(ModelFolder.Resolve("genq-mini-t5"));
    private string[] _paragraphs = [];
    private RankingExample[] _examples = [];
    private Bm25Index? _index;

    [GlobalSetup]
    public void Setup()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "GenQ.slnx"))) root = Path.GetDirectoryName(root)!;
        _paragraphs = [.. Directory.GetFiles(Path.Combine(root, "docs"), "*.md").Order()
            .SelectMany(page => File.ReadAllText(page).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))];
        _examples = [.. Enumerable.Range(0, Pairs).Select(i => new RankingExample([$"query {i}"], $"passage {i / 3}"))];
        _index = Bm25Index.Build(_paragraphs.Select((text, i) => new Passage($"{i}", text)), Analyzer.EnglishNGrams);
        Console.WriteLine($"// {_paragraphs.Sum(Encoding.UTF8.GetByteCount):N0} bytes of text");
    }

    [Benchmark]
    public int WordPiece() => _paragraphs.Sum(text => _wordPiece.Encode(text).Length);

    [Benchmark]
    public int SentencePiece() => _paragraphs.Sum(text => _sentencePiece.Encode(text).Length);

    [Benchmark]
    public int Bm25() => _index!.Search("how are passages cut out of documents", 10).Count;

    [Benchmark]
    public object DealAMillionPairs() => new NoDuplicatesSampler(_examples, 24, 1, new ShuffledExamples(_examples.Length, 42));
}
