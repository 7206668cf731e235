using GenQ.Compute;
using GenQ.Data;
using GenQ.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>
/// Writes texts with a T5: batches of similar length, each text read once however many are written for it, keys and
/// values cached, finished rows dropped.
/// </summary>
/// <remarks>One call at a time: an instance is not thread-safe.</remarks>
public sealed class T5Generator : IDisposable
{
    // Finished rows go on as dead weight until this share of the rows is dead: dropping them copies the caches.
    private const double DeadShare = 0.15;

    // The fewest texts that are worth a writer of their own.
    private const int SmallestShare = 8;

    private readonly T5Model _model;
    private readonly ITokenizer _tokenizer;
    private readonly bool _int8Weights;
    private readonly AllowedWords? _words;

    // The words of the texts that were read last: the next kind of query reads the same ones, further draws some of them.
    private Dictionary<string, TextWords> _textWords = [];

    // Laid out for the engine at the first text.
    private T5EngineWeights? _weights;

    private T5Generator(T5Model model, ITokenizer tokenizer, DecodingOptions decoding, bool int8Weights, AllowedWords? words)
        => (_model, _tokenizer, Decoding, _int8Weights, _words) = (model, tokenizer, decoding, int8Weights, words);

    /// <summary>The settings that the generator brings along, as <see cref="DecodingOptions.Of"/> reads them.</summary>
    public DecodingOptions Decoding { get; }

    /// <summary>Loads a T5, mT5 or flan checkpoint.</summary>
    /// <param name="nameOrFolder">A folder with config.json, weights and tokenizer, or a name on the hub.</param>
    /// <param name="precision">The precision of the matrix multiplications.</param>
    /// <param name="int8Weights">
    /// Whether sampling and greedy writing on a CPU multiply 8-bit whole numbers: faster on processors that can. docs/performance.md says
    /// what it costs. Beams do not.
    /// </param>
    /// <exception cref="GenQException">A file is missing, broken or of another architecture.</exception>
    public static T5Generator Load(string nameOrFolder, Precision precision = Precision.Auto, bool int8Weights = false)
        => LoadOn(CPU, nameOrFolder, precision, int8Weights);

    /// <summary>As <see cref="Load"/>, but for where to compute. CUDA has not been run.</summary>
    internal static T5Generator LoadOn(Device device, string nameOrFolder, Precision precision = Precision.Auto, bool int8Weights = false)
    {
        NativeSwitches.Apply();
        string folder = ModelFolder.Resolve(nameOrFolder);
        using IDisposable guard = no_grad();
        ITokenizer tokenizer = Tokenizer.Load(folder);
        T5Config.Load(folder).RequireRoomFor(tokenizer, folder);
        T5Model model = T5Model.Load(folder);
        if (CpuFeatures.Current.Resolve(precision) == Precision.Bf16) model.ConvertLinearLayers(ScalarType.BFloat16);
        if (device.type != DeviceType.CPU) model.to(device);
        return new T5Generator(model, tokenizer, DecodingOptions.Of(folder), int8Weights, AllowedWords.Load(folder, tokenizer));
    }

    /// <summary>Wraps a network, whose weights must not change any more once something has been written.</summary>
    internal static T5Generator Wrap(T5Model model, ITokenizer tokenizer, bool int8Weights = false, AllowedWords? words = null)
        => new(model, tokenizer, new DecodingOptions(), int8Weights, words);

    /// <summary>Writes <see cref="DecodingOptions.Count"/> texts for each text.</summary>
    /// <param name="texts">The texts to read, each with a key that its draws depend on, such as a passage id.</param>
    /// <param name="options">How to write.</param>
    /// <param name="prefix">What the T5 reads in front of each text: it says the task.</param>
    /// <param name="cancellation">Checked at every token.</param>
    /// <returns>For each text, in order, what was written.</returns>
    public IReadOnlyList<GeneratedText[]> Generate(
        IReadOnlyList<(string Key, string Text)> texts, DecodingOptions options, string prefix = "", CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        DecodingOptions drawing = options.Method == DecodingMethod.Sample ? options with { Count = options.Count * options.Candidates } : options;
        int[][] ids = new int[texts.Count][];
        Parallel.For(0, texts.Count, i => ids[i] = _tokenizer.Encode(prefix + texts[i].Text, options.MaxInputLength));

        // Longest first: neighbours of similar length share a batch, and a memory shortage shows at once.
        int[] order = [.. Enumerable.Range(0, texts.Count).OrderByDescending(i => ids[i].Length)];
        using IDisposable guard = inference_mode();
        AllowedWords? words = options.OnlyKnownWords ? _words : null;
        if (words is not null && !texts.All(text => _textWords.ContainsKey(text.Text)))
            _textWords = texts.Select(text => text.Text).Distinct().ToArray().AsParallel().Select(text => (text, new TextWords(words, text))).ToDictionary();
        TextRead[] sorted = [.. order.Select(i => new TextRead(texts[i].Key, ids[i], words, words is null ? null : _textWords[texts[i].Text]))];
        (int[] Tokens, double LogProbability)[][] results = options.Method != DecodingMethod.Beam && RunsFused && _model.Device.type == DeviceType.CPU
            ? Write(sorted, drawing, cancellation)
            : [.. sorted.Chunk(options.BatchSize).SelectMany(batch => options.Method == DecodingMethod.Beam
                ? SearchBatch([.. batch.Select(text => text.Ids)], options, cancellation)
                : WriteBatch(batch, drawing, cancellation))];
        GeneratedText[][] written = new GeneratedText[texts.Count][];
        for (int i = 0; i < order.Length; i++)
            written[order[i]] = Likeliest([.. results[i].Select(r => (new GeneratedText(Text(r.Tokens, texts[order[i]].Text), r.LogProbability), r.LogProbability / Math.Max(1, r.Tokens.Length)))], options);
        return written;
        string Text(int[] tokens, string read) => words is null ? _tokenizer.Decode(tokens) : _textWords[read].Respell(_tokenizer.Decode(tokens));
    }

    // Of the texts drawn, those that differ and whose tokens are likeliest in the mean. Where as many are drawn as are asked for, they stay in their order.
    private static GeneratedText[] Likeliest((GeneratedText Text, double MeanLogProbability)[] drawn, DecodingOptions options)
    {
        IEnumerable<(GeneratedText Text, double MeanLogProbability)> kept = drawn;
        if (drawn.Length > options.Count)
        {
            kept = drawn.OrderByDescending(one => one.MeanLogProbability).GroupBy(one => one.Text.Text.Trim()).SelectMany(same => same.Index())
                .OrderBy(one => one.Index > 0 || one.Item.Text.Text.Trim().Length == 0).Select(one => one.Item).Take(options.Count);
        }

        return [.. kept.Select(one => one.MeanLogProbability < options.LogprobThreshold ? one.Text with { Text = "" } : one.Text)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights?.Dispose();
        _model.Dispose();
    }

    /// <summary>
    /// Whether texts are written by <see cref="T5DecoderEngine"/>, which is so on a CPU, or batch by batch with the plain network. The results are the
    /// same; tests compare them.
    /// </summary>
    internal bool RunsFused { get; set; } = true;

    /// <summary>Samples or takes the likeliest token by way of <see cref="T5DecoderEngine"/>.</summary>
    internal (int[] Tokens, double LogProbability)[][] Write(
        IReadOnlyList<TextRead> texts, DecodingOptions options, CancellationToken cancellation)
    {
        using IDisposable heap = NativeHeap.GiveLargeBlocksBack();

        // Each worker takes every n-th text, so all get long and short ones.
        int workers = Math.Clamp(texts.Count / SmallestShare, 1, Threads.Count);
        (int[] Tokens, double LogProbability)[][] written = new (int[], double)[texts.Count][];
        T5EngineWeights weights = _weights ??= new(_model, _int8Weights);
        Threads.SideBySide(workers, worker =>
        {
            using T5DecoderEngine writer = new(_model, weights, options);
            int[] own = [.. Enumerable.Range(0, texts.Count).Where(i => i % workers == worker)];
            foreach ((int text, (int[], double)[] rows) in own.Zip(writer.Write([.. own.Select(i => texts[i])], cancellation))) written[text] = rows;
        });
        NativeHeap.GiveBackFromTimeToTime();
        return written;
    }

    /// <summary>Samples or takes the likeliest token, for every text of a batch and every one of its rows.</summary>
    internal (int[] Tokens, double LogProbability)[][] WriteBatch(
        TextRead[] texts, DecodingOptions options, CancellationToken cancellation)
    {
        using IDisposable scope = NewDisposeScope();
        using T5StepDecoder decoder = Start([.. texts.Select(t => t.Ids)], options.Count, options.MaxLength);
        int end = _model.Config.EosTokenId;
        GeneratedSequence[] rows = [.. texts.SelectMany((text, i) => GeneratedSequence.For(i, text, options, _model.Config))];
        GeneratedSequence[] held = rows;
        int[] heldTexts = [.. Enumerable.Range(0, texts.Length)];
        while (held.Any(row => !row.IsFinished))
        {
            cancellation.ThrowIfCancellationRequested();
            using IDisposable stepScope = NewDisposeScope();
            Tensor logits = decoder.Step(tensor([.. held.Select(row => (long)row.Last)], device: _model.Device)).cpu();
            float[] logSums = logits.logsumexp(-1).data<float>().ToArray();
            int vocabulary = (int)logits.shape[1];
            Parallel.For(0, held.Length, i =>
            {
                if (!held[i].IsFinished) held[i].Choose(logits.Floats().Slice(i * vocabulary, vocabulary), logSums[i], options, end);
            });
            (held, heldTexts) = DropFinished(held, heldTexts, options.Count, decoder);
        }

        return [.. rows.Chunk(options.Count).Select(text => text.Select(row => (row.Tokens.ToArray(), row.LogProbability)).ToArray())];
    }

    /// <summary>Searches the likeliest whole texts for every text of a batch.</summary>
    internal (int[] Tokens, double LogProbability)[][] SearchBatch(int[][] texts, DecodingOptions options, CancellationToken cancellation)
    {
        using IDisposable scope = NewDisposeScope();
        using T5StepDecoder decoder = Start(texts, options.Beams, options.MaxLength);
        BeamSearch[] searches = [.. texts.Select(_ => new BeamSearch(options.Beams, _model.Config.EosTokenId, options.MaxLength))];
        int[] live = [.. Enumerable.Range(0, texts.Length)];

        // At the start each text has one hypothesis, in the first of its rows.
        decoder.Keep([.. live.Select(i => (long)i * options.Beams)], [.. live.Select(i => (long)i * options.Beams)], null);
        while (live.Length > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            using IDisposable stepScope = NewDisposeScope();
            IEnumerable<long> last = live.SelectMany(i => searches[i].Running)
                .Select(h => (long)(h.Tokens.Length == 0 ? _model.Config.DecoderStartTokenId : h.Tokens[^1]));
            Tensor logits = decoder.Step(tensor([.. last], device: _model.Device)).cpu();
            float[][] rows = [.. Enumerable.Range(0, (int)logits.shape[0]).Select(r => logits[r].data<float>().ToArray())];

            List<long> kept = [], places = [];
            List<long> keptTexts = [];
            for (int position = 0, first = 0; position < live.Length; position++)
            {
                BeamSearch search = searches[live[position]];
                int count = search.Running.Count;
                search.Advance([.. rows.Skip(first).Take(count).Select(row => (ReadOnlyMemory<float>)row)]);
                if (!search.IsDone)
                {
                    kept.AddRange(search.Running.Select(h => (long)first + h.Parent));
                    places.AddRange(search.Running.Select((_, i) => (long)keptTexts.Count * options.Beams + i));
                    keptTexts.Add(position);
                }

                first += count;
            }

            decoder.Keep([.. kept], [.. places], keptTexts.Count == live.Length ? null : [.. keptTexts]);
            live = [.. keptTexts.Select(position => live[position])];
        }

        return [.. searches.Select(s => s.Finished.Take(options.Count).Select(h => (h.Tokens, h.LogProbability)).ToArray())];
    }

    private static (GeneratedSequence[] Held, int[] Texts) DropFinished(GeneratedSequence[] held, int[] texts, int rowsPerText, T5StepDecoder decoder)
    {
        int alive = held.Count(row => !row.IsFinished);
        if (alive == 0 || alive > held.Length * (1 - DeadShare)) return (held, texts);
        long[] rows = [.. Enumerable.Range(0, held.Length).Where(i => !held[i].IsFinished)];
        GeneratedSequence[] kept = [.. rows.Select(i => held[i])];
        int[] liveTexts = [.. kept.Select(row => row.Text).Distinct()];
        Dictionary<int, int> slot = liveTexts.Select((text, i) => (text, i)).ToDictionary(t => t.text, t => t.i);
        long[]? keptTexts = liveTexts.Length == texts.Length ? null : [.. liveTexts.Select(text => (long)Array.IndexOf(texts, text))];
        decoder.Keep(rows, [.. kept.Select(row => (long)slot[row.Text] * rowsPerText + row.Sample)], keptTexts);
        return (kept, liveTexts);
    }

    private T5StepDecoder Start(int[][] texts, int rowsPerText, int maxLength)
    {
        (Tensor ids, Tensor mask) = Pad(texts, _model.Config.PadTokenId, _model.Device);
        return new T5StepDecoder(_model, _model.Encode(ids, mask), mask, rowsPerText, maxLength);
    }

    /// <summary>Lays texts out as a rectangle: ids (batch, length), int64, and mask (batch, length), fp32.</summary>
    internal static (Tensor Ids, Tensor Mask) Pad(IReadOnlyList<int[]> texts, int padId, Device device)
    {
        int length = Math.Max(1, texts.Max(t => t.Length));
        long[] ids = new long[texts.Count * length];
        float[] mask = new float[ids.Length];
        Array.Fill(ids, padId);
        for (int i = 0; i < texts.Count; i++)
        {
            for (int j = 0; j < texts[i].Length; j++) (ids[i * length + j], mask[i * length + j]) = (texts[i][j], 1);
        }

        return (tensor(ids, [texts.Count, length], device: device), tensor(mask, [texts.Count, length], device: device));
    }
}
