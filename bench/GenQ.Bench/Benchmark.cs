using System.Diagnostics;
using System.Text;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Documents;
using GenQ.Models;
using GenQ.Retrieval;
using GenQ.Text;
using GenQ.Training;
using static TorchSharp.torch;

namespace GenQ.Bench;

/// <summary>Times the parts of GenQ on made-up data. Shares are of what the same machine reached at the bare work in the same run.</summary>
/// <param name="options">Settings.</param>
public sealed class Benchmark(BenchmarkOptions? options = null)
{
    // Passages and queries of the method, in tokens.
    private const int ShortestPassage = 120, LongestPassage = 240, ShortestQuery = 8, LongestQuery = 18;
    private const int PairsOfStep = 24, TextsOfRound = 128, PassagesOfRound = 64, QueriesOfPassage = 3, TokensOfQuery = 20;
    private const int IndexedPassages = 100_000, IndexedWidth = 768, WordsOfPassage = 60, BatchedQueries = 256, Top = 10;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private readonly BenchmarkOptions _options = options ?? new BenchmarkOptions();

    private Precision Precision => CpuFeatures.Current.Resolve(_options.Precision);

    /// <summary>The names of the parts.</summary>
    public static IReadOnlyList<string> Parts { get; } = ["train", "encode", "generate", "search", "tokenize", "read"];

    /// <summary>Times a part.</summary>
    /// <param name="part">One of <see cref="Parts"/>.</param>
    /// <param name="cancellation">Looked at between rounds.</param>
    /// <exception cref="GenQException">There is no such part.</exception>
    public async Task<IReadOnlyList<BenchmarkResult>> RunAsync(string part, CancellationToken cancellation = default)
    {
        NativeSwitches.Apply();
        return part switch
        {
            "train" => [Train(cancellation)],
            "encode" => [Encode(cancellation)],
            "generate" => [Generate(cancellation)],
            "search" => Search(cancellation),
            "tokenize" => Tokenize(cancellation),
            "read" => [await ReadAsync(cancellation)],
            _ => throw new GenQException($"There is no benchmark '{part}'. There are: {string.Join(", ", Parts)}."),
        };
    }

    // A step as the trainer takes it: vectors of 24 queries and their passages, loss, gradients, AdamW.
    private BenchmarkResult Train(CancellationToken cancellation)
    {
        using MpnetEncoder network = Encoder();
        using AdamW optimizer = AdamW.Of(network, Precision, new AdamWOptions());
        network.train();
        int[][] sequences = [.. Sequences(PairsOfStep, ShortestQuery, LongestQuery), .. Sequences(PairsOfStep, ShortestPassage, LongestPassage)];
        (double rate, double share, double yardstick) = Time(3 * CountEncoder(sequences), () =>
        {
            using IDisposable scope = NewDisposeScope();
            PackedBatch batch = network.Pack(sequences);
            Tensor vectors = Pooling.Pool(network.Forward(batch), batch, PoolingMode.Mean);
            MultipleNegativesRanking.Loss(vectors.narrow(0, 0, PairsOfStep), vectors.narrow(0, PairsOfStep, PairsOfStep)).backward();
            optimizer.Step(2e-5);
        }, cancellation);
        return Result("train", $"MPNet {_options.Size}, {PairsOfStep} pairs a step", rate * PairsOfStep, "pairs/s", yardstick, share);
    }

    private BenchmarkResult Encode(CancellationToken cancellation)
    {
        using IDisposable guard = no_grad();
        using MpnetEncoder network = Encoder();
        if (Precision == Precision.Bf16) network.ConvertLinearLayers(ScalarType.BFloat16);
        if (_options.Int8Weights) network.UseInt8();
        int[][] sequences = [.. Sequences(TextsOfRound, ShortestPassage, LongestPassage)];
        int[][] batches = [.. BiEncoder.Batches(sequences, new BiEncoderOptions().BatchTokens, Threads.Count)];
        (double rate, double share, double yardstick) = Time(CountEncoder(sequences), () => Threads.SideBySide(batches.Length, number =>
        {
            using IDisposable scope = NewDisposeScope();
            PackedBatch batch = network.Pack([.. batches[number].Select(i => sequences[i])]);
            Pooling.Pool(network.Forward(batch), batch, PoolingMode.Mean);
        }), cancellation);
        return Result(
            "encode", $"MPNet {_options.Size}{_options.Weights}, texts of {ShortestPassage} to {LongestPassage} tokens", rate * TextsOfRound, "texts/s", yardstick, share);
    }

    private BenchmarkResult Generate(CancellationToken cancellation)
    {
        using IDisposable guard = inference_mode();
        T5Config config = _options.IsMini
            ? T5Config.Load(ModelFolder.Resolve("genq-mini-t5"))
            : new T5Config { DModel = 768, DFf = 3072, NumLayers = 12, NumHeads = 12 };
        manual_seed(1);
        T5Model model = new(config);
        model.eval();
        if (Precision == Precision.Bf16) model.ConvertLinearLayers(ScalarType.BFloat16);
        using T5Generator generator = T5Generator.Wrap(model, Tokenizer.Load(ModelFolder.Resolve("genq-mini-t5")), _options.Int8Weights);
        TextRead[] texts = [.. Sequences(PassagesOfRound, ShortestPassage, LongestPassage).Select((ids, i) => new TextRead($"{i}", ids))];

        // The end token is drawn next to never with random weights, so that every query has all its tokens.
        DecodingOptions decoding = new() { Count = QueriesOfPassage, MaxLength = TokensOfQuery + 1 };
        double operations = Operations.T5(config, [.. texts.Select(text => text.Ids.Length)], QueriesOfPassage, TokensOfQuery);
        (double rate, double share, double yardstick) = Time(operations, () => generator.Write(texts, decoding, cancellation), cancellation);
        return Result(
            "generate", $"T5 {_options.Size}{_options.Weights}, {PassagesOfRound} passages, {QueriesOfPassage} queries of {TokensOfQuery} tokens each",
            rate * PassagesOfRound * QueriesOfPassage, "queries/s", yardstick, share);
    }

    // One query reads every row once, so memory is what bounds it; many share the reading.
    private List<BenchmarkResult> Search(CancellationToken cancellation)
    {
        string file = Path.GetTempFileName();
        try
        {
            PassageIndex.Write(file, "random", IndexedWidth, Vectors(IndexedPassages, 1));
            using PassageIndex index = PassageIndex.Open(file);
            ReadOnlyMemory<float>[] queries = [.. Vectors(BatchedQueries, 2)];
            float[] row = queries[0].ToArray();
            double one = Rate(() => index.Search(row, Top), cancellation), many = Rate(() => index.Search(queries, Top), cancellation);
            float[] memory = new float[IndexedPassages * IndexedWidth];

            // Written once: memory that never was is one page of zeros, which is read from the cache.
            Array.Fill(memory, 1);
            float sum = 0;
            double reading = Rate(() => sum += ParallelSum(memory), cancellation);
            const double Gigabytes = (double)IndexedPassages * IndexedWidth * sizeof(float) / 1e9;

            Passage[] passages = [.. Enumerable.Range(0, IndexedPassages).Select(i => new Passage($"{i}", Words(i, WordsOfPassage)))];
            Bm25Index words = Bm25Index.Build(passages, Analyzer.EnglishNGrams);
            string[] questions = [.. Enumerable.Range(0, BatchedQueries).Select(i => Words(-1 - i, 6))];
            double bm25 = Rate(() => words.Search(questions, Top), cancellation) * BatchedQueries;
            string work = $"{IndexedPassages:N0} x {IndexedWidth}, exact";
            return
            [
                new("search", $"{work}, one query", one, "queries/s", reading * Gigabytes, "GB/s", one / reading),
                new("search", $"{work}, {BatchedQueries} queries together", many * BatchedQueries, "queries/s"),
                new("search", $"{IndexedPassages:N0} passages of {WordsOfPassage} words, BM25", bm25, "queries/s"),
            ];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private List<BenchmarkResult> Tokenize(CancellationToken cancellation)
    {
        string[] texts = [.. Enumerable.Range(0, 2000).Select(i => Words(i, 120))];
        double megabytes = texts.Sum(Encoding.UTF8.GetByteCount) / 1e6;
        List<BenchmarkResult> results = [];
        foreach ((string kind, string model) in ((string, string)[])[("WordPiece", "genq-mini-mpnet"), ("SentencePiece", "genq-mini-t5")])
        {
            ITokenizer tokenizer = Tokenizer.Load(ModelFolder.Resolve(model));
            double rate = Rate(() =>
            {
                foreach (string text in texts) tokenizer.Encode(text);
            }, cancellation);
            results.Add(new("tokenize", $"{kind}, one thread", rate * megabytes, "MB/s"));
        }

        return results;
    }

    private async Task<BenchmarkResult> ReadAsync(CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("genq-bench").FullName;
        try
        {
            long bytes = 0;
            for (int i = 0; i < 200; i++)
            {
                string paragraphs = string.Concat(Enumerable.Range(0, 40).Select(j => $"<h2>{Words(i * 40 + j, 4)}</h2><p>{Words(-i * 40 - j, 120)}</p>\n"));
                string page = $"<html><head><title>{i}</title></head><body><main>{paragraphs}</main></body></html>";
                await File.WriteAllTextAsync(Path.Combine(folder, $"{i}.html"), page, cancellation);
                bytes += page.Length;
            }

            List<double> rates = [];
            for (int round = 0; round < _options.Rounds; round++)
            {
                long start = Stopwatch.GetTimestamp();
                await foreach (LoadedFile file in new DocumentLoader().LoadAsync([folder], cancellation))
                {
                    if (file.Skipped is { } skipped) throw new InvalidOperationException($"{file.Source}: {skipped.Reason}");
                }

                rates.Add(bytes / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            return new("read", "200 pages of HTML", Median(rates), "MB/s");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private MpnetConfig EncoderSizes => _options.IsMini
        ? new MpnetConfig { HiddenSize = 384, NumHiddenLayers = 6, NumAttentionHeads = 12, IntermediateSize = 1152, HiddenDropoutProb = 0, AttentionProbsDropoutProb = 0 }
        : new MpnetConfig { MaxPositionEmbeddings = 514 };

    private MpnetEncoder Encoder()
    {
        manual_seed(1);
        MpnetEncoder network = new(EncoderSizes);
        network.eval();
        return network;
    }

    private double CountEncoder(int[][] sequences)
        => Operations.Encoder(EncoderSizes.HiddenSize, EncoderSizes.IntermediateSize, EncoderSizes.NumHiddenLayers, sequences.Select(s => s.Length));

    // Rounds of the work, each between two looks at the yardstick.
    private (double Rate, double Share, double Yardstick) Time(double operations, Action work, CancellationToken cancellation)
    {
        using Yardstick yardstick = new(Precision);
        double rate = Rate(work, cancellation, yardstick.Measure);
        return (rate, operations * rate / 1e9 / yardstick.Gflops, yardstick.Gflops);
    }

    // The median of the rounds, after rounds that do not count for as long as the runtime still compiles.
    private double Rate(Action work, CancellationToken cancellation, Action? between = null)
    {
        List<double> rates = [];
        bool warm = false;
        for (long began = Stopwatch.GetTimestamp(); rates.Count < _options.Rounds; warm = Stopwatch.GetElapsedTime(began) > WarmUp)
        {
            cancellation.ThrowIfCancellationRequested();
            between?.Invoke();
            long start = Stopwatch.GetTimestamp();
            work();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (warm) rates.Add(1 / seconds);
        }

        between?.Invoke();
        return Median(rates);
    }

    private static BenchmarkResult Result(string name, string work, double rate, string unit, double yardstick, double share)
        => new(name, work, rate, unit, yardstick, "GFLOPS", share);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static IEnumerable<int[]> Sequences(int count, int shortest, int longest)
    {
        CounterRandom random = new(count, shortest);
        for (int i = 0; i < count; i++)
        {
            int length = shortest + random.Below(longest - shortest + 1, i);
            CounterRandom tokens = new(i, longest);
            yield return [.. Enumerable.Range(0, length).Select(j => 5 + tokens.Below(5000, j))];
        }
    }

    private static IEnumerable<ReadOnlyMemory<float>> Vectors(int count, int seed)
    {
        for (int i = 0; i < count; i++)
        {
            CounterRandom random = new(seed, i);
            float[] vector = new float[IndexedWidth];
            for (int j = 0; j < vector.Length; j++) vector[j] = (float)random.Uniform(j) - 0.5f;
            yield return vector;
        }
    }

    // Words as frequent as in a language: the share of the n-th is about 1/n.
    private static string Words(int seed, int count)
    {
        CounterRandom random = new(seed, 7);
        return string.Join(' ', Enumerable.Range(0, count).Select(i => Word((int)Math.Exp(random.Uniform(i) * Math.Log(50_000)))));
    }

    private static string Word(int number)
    {
        const string Onsets = "bcdfghklmnprstvw", Vowels = "aeiou";
        StringBuilder word = new();
        for (; word.Length == 0 || number > 0; number /= Onsets.Length * Vowels.Length)
            word.Append(Onsets[number % Onsets.Length]).Append(Vowels[number / Onsets.Length % Vowels.Length]);
        return word.ToString();
    }

    private static float ParallelSum(float[] values)
    {
        int parts = Math.Max(1, Threads.Count), size = values.Length / parts;
        float[] sums = new float[parts];
        Parallel.For(0, parts, part => sums[part] = System.Numerics.Tensors.TensorPrimitives.Sum<float>(values.AsSpan(part * size, size)));
        return sums.Sum();
    }
}
