using GenQ.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>
/// T5 on a CPU as an engine for many texts: what is finished makes room for the next at once, so that the matmuls always have as many rows as
/// there is room for (continuous batching: Yu et al. 2022, "Orca: A Distributed Serving System for Transformer-Based Generative Models").
/// The same logits as <see cref="T5Model.Decode"/>.
/// </summary>
/// <remarks>docs/generation-engine.md walks through it.</remarks>
internal sealed unsafe class T5DecoderEngine : IDisposable
{
    // oneDNN prepares a matmul for each number of rows it meets: so there are few, the last rows being filled up.
    private const int RowStep = 8;

    private readonly T5Model _model;
    private readonly T5EncoderEngine _reader;
    private readonly DecodingOptions _options;
    private readonly int _room, _capacity;
    private readonly T5EngineWeights _weights;
    private readonly Layer[] _layers;

    // (heads, distances), the greatest first.
    private readonly Tensor _bias;

    private readonly Stack<int> _free;
    private readonly List<Row> _rows = [];

    /// <summary>Makes room.</summary>
    /// <param name="model">The network, which must not change meanwhile.</param>
    /// <param name="weights">Its weights, which others may multiply with too.</param>
    /// <param name="options">How to write: sampling or greedy.</param>
    public T5DecoderEngine(T5Model model, T5EngineWeights weights, DecodingOptions options)
    {
        using DisposeScope scope = NewDisposeScope();
        (_model, _weights, _options) = (model, weights, options);
        _reader = new T5EncoderEngine(model, weights);
        _room = options.BatchSize * options.Count;

        // One place for each token that is read: all but the last one.
        _capacity = AttentionLayout.RoundUp(options.MaxLength);
        _free = new Stack<int>(Enumerable.Range(0, _room).Reverse());
        _layers = [.. model.Decoder.Blocks.Select(block => new Layer(block, _room, _capacity))];
        _bias = model.Decoder.RelativeBias(_capacity, _capacity).select(2, _capacity - 1).squeeze(0).contiguous().DetachFromDisposeScope();
    }

    private int Columns => _model.Config.NumHeads * _model.Config.DKv;

    // Of the batch: those that are being written, and some that nobody reads.
    private int PaddedRows => (_rows.Count + RowStep - 1) / RowStep * RowStep;

    /// <summary>Writes <see cref="DecodingOptions.Count"/> texts for each text.</summary>
    /// <param name="texts">Keys and ids, in the order in which they are to be read: neighbours should be about equally long.</param>
    /// <param name="cancellation">Looked at before every token.</param>
    public (int[] Tokens, double LogProbability)[][] Write(IReadOnlyList<TextRead> texts, CancellationToken cancellation)
        => _model.Decoder.ComputeType == ScalarType.BFloat16 ? Write<Bf16>(texts, cancellation) : Write<float>(texts, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (CrossAttentionCache cache in _rows.Select(row => row.Cache).Distinct()) cache.Dispose();
        foreach (Layer layer in _layers) layer.Dispose();
        _bias.Dispose();
    }

    private (int[] Tokens, double LogProbability)[][] Write<T>(IReadOnlyList<TextRead> texts, CancellationToken cancellation)
        where T : unmanaged
    {
        GeneratedSequence[][] written = new GeneratedSequence[texts.Count][];
        for (int next = 0; next < texts.Count || _rows.Count > 0;)
        {
            cancellation.ThrowIfCancellationRequested();

            // A quarter of the room at least: few texts make small matmuls.
            int wanted = Math.Min(texts.Count - next, _free.Count / _options.Count);
            if (wanted > 0 && (_rows.Count == 0 || wanted == texts.Count - next || wanted >= _options.BatchSize / 4))
            {
                Admit(texts, next, wanted, written);
                next += wanted;
            }

            Step<T>();
        }

        return [.. written.Select(text => text.Select(row => (row.Tokens.ToArray(), row.LogProbability)).ToArray())];
    }

    // Reads texts and puts their rows behind those that are being written.
    private void Admit(IReadOnlyList<TextRead> texts, int first, int count, GeneratedSequence[][] written)
    {
        using DisposeScope scope = NewDisposeScope();
        int[][] ids = [.. Enumerable.Range(first, count).Select(i => texts[i].Ids)];
        (Tensor states, int[] starts) = _reader.Read(ids);
        CrossAttentionCache cache = new(states, _layers, count * _options.Count);
        for (int i = 0; i < count; i++)
        {
            written[first + i] = GeneratedSequence.For(first + i, texts[first + i], _options, _model.Config);
            _rows.AddRange(written[first + i].Select(text => new Row(text, _free.Pop(), cache, starts[i], ids[i].Length)));
        }
    }

    // One more token of every row.
    private void Step<T>()
        where T : unmanaged
    {
        using DisposeScope scope = NewDisposeScope();
        long[] last = new long[PaddedRows];
        foreach ((int i, Row row) in _rows.Index()) last[i] = row.Text.Last;
        Tensor stream = _model.Embeddings.index_select(0, tensor(last));
        Tensor? branch = null;
        foreach ((int i, Layer layer) in _layers.Index())
        {
            T5BlockWeights weights = _weights.Decoder[i];
            Tensor qkv = weights.QueryKeyValue.Multiply(Normalize<T>(stream, branch, layer.Block.SelfNorm));
            T* qkvRows = qkv.Pointer<T>();
            CachedAttentionKernel.KeyValueCache[] written = new CachedAttentionKernel.KeyValueCache[_rows.Count];
            ParallelRanges.For(_rows.Count, 4, 2 * Columns, (_, first, end) =>
            {
                for (int row = first; row < end; row++)
                {
                    T* of = qkvRows + (long)row * 3 * Columns;
                    written[row] = CachedAttentionKernel.Append(
                        Columns, of + Columns, of + 2 * Columns, layer.Written<T>(_rows[row].Slot, _rows[row].Text.Tokens.Count));
                }
            });
            branch = weights.SelfOutput.Multiply(Attend<T>(qkvRows, 3 * Columns, written, _bias.Pointer<float>()));

            Tensor q = weights.CrossQuery!.Multiply(Normalize<T>(stream, branch, layer.Block.CrossNorm));
            CachedAttentionKernel.KeyValueCache[] read = [.. _rows.Select(row => row.Cache.Of<T>(i, row.Start, row.Length, Columns))];
            branch = weights.CrossOutput!.Multiply(Attend<T>(q.Pointer<T>(), Columns, read, null));
            branch = weights.Narrow.Multiply(weights.Inner(Normalize<T>(stream, branch, layer.Block.FeedForwardNorm)));
        }

        Tensor hidden = T5ResidualNorm.AddAndNormalize<T>(stream, branch, _model.Decoder.Norm, _model.Config, _model.Config.OutputScale);
        Choose(_weights.Head.Multiply(hidden).to(ScalarType.Float32));
    }

    private void Choose(Tensor logits)
    {
        float[] logSums = logits.logsumexp(-1).data<float>().ToArray();
        int vocabulary = (int)logits.shape[1];
        ParallelRanges.For(_rows.Count, 1, vocabulary, (row, _, _) =>
            _rows[row].Text.Choose(logits.Floats().Slice(row * vocabulary, vocabulary), logSums[row], _options, _model.Config.EosTokenId));
        foreach (Row row in _rows.Where(row => row.Text.IsFinished))
        {
            _free.Push(row.Slot);
            row.Cache.Release();
        }

        _rows.RemoveAll(row => row.Text.IsFinished);
    }

    private Tensor Attend<T>(T* queries, int stride, CachedAttentionKernel.KeyValueCache[] caches, float* bias)
        where T : unmanaged
    {
        Tensor context = empty([PaddedRows, Columns], _model.Decoder.ComputeType);
        T* rows = context.Pointer<T>();
        new Span<T>(rows + caches.Length * Columns, (PaddedRows - caches.Length) * Columns).Clear();
        CachedAttentionKernel.Attend(_model.Config.NumHeads, _model.Config.DKv, queries, stride, caches, bias, _capacity, rows);
        return context;
    }

    private Tensor Normalize<T>(Tensor stream, Tensor? branch, T5RmsNorm norm)
        where T : unmanaged
        => T5ResidualNorm.AddAndNormalize<T>(stream, branch, norm, _model.Config);

    /// <summary>A row of the batch.</summary>
    /// <param name="Text">What it writes.</param>
    /// <param name="Slot">Where its own keys and values are.</param>
    /// <param name="Cache">What was read together with its text.</param>
    /// <param name="Start">The text's first row there.</param>
    /// <param name="Length">The text's rows.</param>
    private sealed record Row(GeneratedSequence Text, int Slot, CrossAttentionCache Cache, int Start, int Length);

    /// <summary>A block of the decoder: what makes keys and values of a text that was read, and those of what is written.</summary>
    private sealed class Layer : IDisposable
    {
        private readonly Tensor _keys, _values;

        public Layer(T5Block block, int slots, int capacity)
        {
            Block = block;
            (Tensor q, Tensor k, Tensor v, _) = block.CrossAttention.Weights;
            (Key, Value) = (k.alias().DetachFromDisposeScope(), v.t().DetachFromDisposeScope());
            _keys = zeros([slots, q.shape[0], capacity], q.dtype).DetachFromDisposeScope();
            _values = zeros([slots, capacity, q.shape[0]], q.dtype).DetachFromDisposeScope();
        }

        public T5Block Block { get; }

        public Tensor Key { get; }

        public Tensor Value { get; }

        public CachedAttentionKernel.KeyValueCache Written<T>(int slot, int length)
            where T : unmanaged
        {
            long size = _keys.shape[1] * _keys.shape[2] * slot;
            return new((nint)(_keys.Pointer<T>() + size), (int)_keys.shape[2], (nint)(_values.Pointer<T>() + size), length);
        }

        public void Dispose()
        {
            foreach (Tensor tensor in (Tensor[])[Key, Value, _keys, _values]) tensor.Dispose();
        }
    }

    /// <summary>Keys and values of texts that were read together, in every layer, until the last of their rows is finished.</summary>
    private sealed class CrossAttentionCache : IDisposable
    {
        private readonly (Tensor Keys, Tensor Values)[] _layers;
        private int _users;

        public CrossAttentionCache(Tensor states, Layer[] layers, int users)
        {
            _users = users;
            Tensor transposed = states.t();

            // Weights times states, not the other way: that gives the keys transposed, as the kernel wants them.
            _layers = [.. layers.Select(layer => (
                layer.Key.matmul(transposed).DetachFromDisposeScope(), states.matmul(layer.Value).DetachFromDisposeScope()))];
        }

        public CachedAttentionKernel.KeyValueCache Of<T>(int layer, int start, int length, int columns)
            where T : unmanaged
        {
            (Tensor keys, Tensor values) = _layers[layer];
            return new((nint)(keys.Pointer<T>() + start), (int)keys.shape[1], (nint)(values.Pointer<T>() + (long)start * columns), length);
        }

        public void Release()
        {
            if (--_users == 0) Dispose();
        }

        public void Dispose()
        {
            foreach ((Tensor keys, Tensor values) in _layers)
            {
                keys.Dispose();
                values.Dispose();
            }
        }
    }
}
