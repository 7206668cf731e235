using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>
/// Writes token by token with a <see cref="T5Model"/>'s decoder: the same logits as <see cref="T5Model.Decode"/>, but keys and
/// values of the texts are computed once, those of the written tokens are kept, and rows that are finished can be dropped.
/// </summary>
internal sealed class T5StepDecoder : IDisposable
{
    private readonly T5Model _model;
    private readonly IReadOnlyList<T5Block> _blocks;

    // Per block, the texts' (texts, heads, length, d_kv) and the written tokens' (rows, heads, max length, d_kv), filled up to _length.
    private readonly List<(Tensor Keys, Tensor Values)> _texts, _written;

    // (1, heads, max length, max length), (vocabulary, d_model)
    private readonly Tensor _relativeBias, _headWeight;

    private readonly int _rowsPerText;

    // (texts, 1, 1, length): a large negative number where a text is padding.
    private Tensor _textMask;

    // Where each row sits in the grid of texts and their places, (rows), int64; null while every place is taken.
    private Tensor? _places;

    private int _length;

    /// <summary>Prepares for writing.</summary>
    /// <param name="model">Lends its weights; must outlive this.</param>
    /// <param name="states">(texts, length, d_model), from <see cref="T5Model.Encode"/>.</param>
    /// <param name="mask">(texts, length), the mask given to <see cref="T5Model.Encode"/>.</param>
    /// <param name="rowsPerText">How many rows are written for each text.</param>
    /// <param name="maxLength">The most tokens a row can hold, the start token counted.</param>
    public T5StepDecoder(T5Model model, Tensor states, Tensor mask, int rowsPerText, int maxLength)
    {
        using IDisposable scope = NewDisposeScope();
        (_model, _blocks, _rowsPerText) = (model, model.Decoder.Blocks, rowsPerText);
        ScalarType type = model.Decoder.ComputeType;
        states = states.to(type);
        long rows = states.shape[0] * rowsPerText;
        Tensor Empty() => zeros([rows, model.Config.NumHeads, maxLength, model.Config.DKv], type, states.device).DetachFromDisposeScope();
        Tensor Own(Tensor heads) => heads.contiguous().DetachFromDisposeScope();
        _texts = [.. _blocks.Select(block => (Own(block.CrossAttention.Keys(states)), Own(block.CrossAttention.Values(states))))];
        _written = [.. _blocks.Select(_ => (Empty(), Empty()))];
        _textMask = T5Model.MaskBias(mask).to(type).DetachFromDisposeScope();
        _relativeBias = model.Decoder.RelativeBias(maxLength, maxLength).to(type).DetachFromDisposeScope();
        _headWeight = model.HeadWeight().alias().DetachFromDisposeScope();
    }

    /// <summary>Writes one more token of every row.</summary>
    /// <param name="ids">(rows), int64: each row's last token, at first the start token.</param>
    /// <returns>Logits of the next one, (rows, vocabulary), fp32.</returns>
    public Tensor Step(Tensor ids)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor bias = _relativeBias.narrow(2, _length, 1).narrow(3, 0, _length + 1);

        // (rows, 1, d_model) all the way
        Tensor x = _model.Embed(ids.unsqueeze(1));
        for (int i = 0; i < _blocks.Count; i++)
        {
            using IDisposable blockScope = NewDisposeScope();
            x = SelfAttend(_blocks[i], x, _written[i], bias);
            x = CrossAttend(_blocks[i], x, _texts[i]);
            x = _blocks[i].FeedForward(x).MoveToOuterDisposeScope();
        }

        _length++;
        return _model.Logits(_model.Decoder.Normalize(x).squeeze(1), _headWeight).MoveToOuterDisposeScope();
    }

    /// <summary>Keeps the given rows, in the given order, and forgets the others.</summary>
    /// <param name="rows">Indices of rows to keep; one may occur twice (beam search).</param>
    /// <param name="places">The place of each kept row in the grid of the texts that are kept.</param>
    /// <param name="texts">Indices of texts to keep, or <see langword="null"/> to keep all.</param>
    public void Keep(long[] rows, long[] places, long[]? texts)
    {
        using IDisposable scope = NewDisposeScope();
        Select(_written, tensor(rows, device: _model.Device));
        if (texts is not null)
        {
            Tensor textIndex = tensor(texts, device: _model.Device);
            Select(_texts, textIndex);
            Tensor mask = _textMask.index_select(0, textIndex).DetachFromDisposeScope();
            _textMask.Dispose();
            _textMask = mask;
        }

        _places?.Dispose();
        bool isFull = places.Length == _textMask.shape[0] * _rowsPerText && places.Select((place, i) => place == i).All(same => same);
        _places = isFull ? null : tensor(places, device: _model.Device).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((Tensor keys, Tensor values) in _texts.Concat(_written))
        {
            keys.Dispose();
            values.Dispose();
        }

        _textMask.Dispose();
        _relativeBias.Dispose();
        _headWeight.Dispose();
        _places?.Dispose();
    }

    private Tensor SelfAttend(T5Block block, Tensor x, (Tensor Keys, Tensor Values) written, Tensor bias)
    {
        Tensor y = block.SelfNorm.forward(x).to(block.SelfAttention.ComputeType);
        written.Keys.narrow(2, _length, 1).copy_(block.SelfAttention.Keys(y));
        written.Values.narrow(2, _length, 1).copy_(block.SelfAttention.Values(y));
        return x.Plus(block.SelfAttention.forward(y, written.Keys.narrow(2, 0, _length + 1), written.Values.narrow(2, 0, _length + 1), bias));
    }

    // All rows of a text are the queries of one matmul with that text's keys, so these are never repeated per row.
    private Tensor CrossAttend(T5Block block, Tensor x, (Tensor Keys, Tensor Values) text)
    {
        long texts = text.Keys.shape[0], width = x.shape[2];
        Tensor y = block.CrossNorm.forward(x).squeeze(1);
        if (_places is not null) y = zeros([texts * _rowsPerText, width], y.dtype, y.device).index_copy_(0, _places, y);

        // (texts * rows, d_model) -> (texts, rows, d_model) and back
        y = block.CrossAttention.forward(y.view(texts, _rowsPerText, width), text.Keys, text.Values, _textMask).view(-1, width);
        if (_places is not null) y = y.index_select(0, _places);
        return x.Plus(y.unsqueeze(1));
    }

    private static void Select(List<(Tensor Keys, Tensor Values)> blocks, Tensor index)
    {
        for (int i = 0; i < blocks.Count; i++)
        {
            (Tensor keys, Tensor values) = blocks[i];
            blocks[i] = (keys.index_select(0, index).DetachFromDisposeScope(), values.index_select(0, index).DetachFromDisposeScope());
            keys.Dispose();
            values.Dispose();
        }
    }
}
