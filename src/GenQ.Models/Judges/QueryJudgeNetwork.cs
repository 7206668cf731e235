using GenQ.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenQ.Models;

/// <summary>
/// All of the judge in one file: a BERT that reads a passage and queries of it, and gives each query a score. A passage looks at itself alone, a query
/// at the passage and at itself, never at another query. So a passage is read once however many queries there are, as in MORES (Gao, Dai and Callan
/// 2020, "Modularized Transfomer-based Ranking Framework").
/// </summary>
/// <remarks>
/// Names are those of transformers' <c>BertForSequenceClassification</c> without pooler. Embeddings, norms, the residual stream and the scores of
/// attention are fp32; matrix multiplications run in the precision of the linear layers' weights.
/// </remarks>
internal sealed class QueryJudgeNetwork : Module
{
    // The rows of the table of token types.
    private const int PassageType = 0, QueryType = 1;

    private readonly Embedding _words, _positions, _types;
    private readonly LayerNorm _norm;
    private readonly EncoderLayer[] _layers;
    private readonly Linear _score;

    /// <summary>Builds the network with random weights, drawn from torch's generator.</summary>
    /// <exception cref="GenQException">The layers are not built for such sizes.</exception>
    public QueryJudgeNetwork(BertConfig config)
        : base(nameof(QueryJudgeNetwork))
    {
        config.Shape.Validate();
        if (config.TypeVocabSize <= QueryType) throw new GenQException($"config.json has {config.TypeVocabSize} token types; a judge needs two, for the passage and for its queries.");
        Config = config;
        _words = this.Place("bert.embeddings.word_embeddings", Embedding(config.VocabSize, config.HiddenSize));
        _positions = this.Place("bert.embeddings.position_embeddings", Embedding(config.MaxPositionEmbeddings, config.HiddenSize));
        _types = this.Place("bert.embeddings.token_type_embeddings", Embedding(config.TypeVocabSize, config.HiddenSize));
        _norm = this.Place("bert.embeddings.LayerNorm", LayerNorm(config.HiddenSize, config.LayerNormEps));
        _layers = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(i => this.Place($"bert.encoder.layer.{i}", new EncoderLayer(config.Shape, BertEncoder.Names)))];
        _score = this.Place("classifier", Linear(config.HiddenSize, 1));
    }

    /// <summary>The BERT without what scores, for the weights of an encoder.</summary>
    public Module Bert => named_children().Single(child => child.name == "bert").module;

    /// <summary>The sizes.</summary>
    public BertConfig Config { get; }

    /// <summary>Scores queries.</summary>
    /// <param name="passages">(passages, length), int64: token ids, padded.</param>
    /// <param name="passageMask">(passages, length), fp32, 1 for tokens and 0 for padding.</param>
    /// <param name="queries">(passages · count, length), int64: the queries of the first passage, then of the next, as many of each.</param>
    /// <param name="queryMask">(passages · count, length), fp32.</param>
    /// <returns>(passages, count), fp32: the logit of the probability that the query was asked of the passage.</returns>
    public Tensor Score(Tensor passages, Tensor passageMask, Tensor queries, Tensor queryMask)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor passage = Embed(passages, PassageType), query = Embed(queries, QueryType);
        Tensor passageBias = T5Model.MaskBias(passageMask), queryBias = T5Model.MaskBias(queryMask);
        foreach (EncoderLayer layer in _layers)
        {
            Tensor input = passage.to(layer.ComputeType), asked = query.to(layer.ComputeType);
            Tensor key = Heads(layer.Key.forward(input)), value = Heads(layer.Value.forward(input));
            query = Close(layer, query, AttendBoth(layer, asked, key, value, passageBias, queryBias));

            // What the passage would say after the last layer, no query hears.
            if (layer != _layers[^1]) passage = Close(layer, passage, AttendPassage(layer, input, key, value, passageBias));
        }

        // The first token of a query stands for all of it.
        Tensor weight = _score.weight!.to(ScalarType.Float32), bias = _score.bias!.to(ScalarType.Float32);
        return functional.linear(query.select(1, 0), weight, bias).view(passages.shape[0], -1).MoveToOuterDisposeScope();
    }

    // All parts have the checkpoint's names already; the library would register the fields under theirs.
    /// <inheritdoc/>
    protected override void RegisterComponents()
    {
    }

    private Tensor Embed(Tensor ids, int type)
    {
        Tensor sum = _words.forward(ids).Plus(_positions.weight!.narrow(0, 0, ids.shape[1])).Plus(_types.weight!.narrow(0, type, 1));
        return functional.dropout(_norm.forward(sum), Config.HiddenDropoutProb, training);
    }

    private Tensor AttendPassage(EncoderLayer layer, Tensor input, Tensor key, Tensor value, Tensor bias)
    {
        Tensor scores = Asking(layer, input).matmul(key.transpose(-1, -2)).to(ScalarType.Float32).Plus(bias);
        return Join(Share(layer, scores).matmul(value));
    }

    // One softmax over the passage's tokens and the query's own. The queries of a passage stand side by side for the passage, which is not copied.
    private Tensor AttendBoth(EncoderLayer layer, Tensor asked, Tensor key, Tensor value, Tensor passageBias, Tensor queryBias)
    {
        long passages = key.shape[0], heads = key.shape[1], length = asked.shape[1], all = asked.shape[0], count = all / passages, read = key.shape[2];
        Tensor asking = Asking(layer, asked), ownKey = Heads(layer.Key.forward(asked)), ownValue = Heads(layer.Value.forward(asked));
        Tensor ofPassage = Side(asking).matmul(key.transpose(-1, -2)).to(ScalarType.Float32).Plus(passageBias);
        Tensor ofQuery = asking.matmul(ownKey.transpose(-1, -2)).to(ScalarType.Float32).Plus(queryBias);
        Tensor shares = Share(layer, cat([Apart(ofPassage, read), ofQuery], -1));
        Tensor fromPassage = Apart(Side(shares.narrow(-1, 0, read)).matmul(value), value.shape[3]);
        return Join(fromPassage.Plus(shares.narrow(-1, read, length).matmul(ownValue)));

        // (passages · count, heads, length, n) to (passages, heads, count · length, n), and back.
        Tensor Side(Tensor x) => x.view(passages, count, heads, length, -1).transpose(1, 2).reshape(passages, heads, count * length, -1);
        Tensor Apart(Tensor x, long n) => x.view(passages, heads, count, length, n).transpose(1, 2).reshape(all, heads, length, n);
    }

    // What follows attention, as in BERT: norms come after each sum.
    private Tensor Close(EncoderLayer layer, Tensor x, Tensor attended)
    {
        x = layer.AttentionNorm.forward(x.Plus(layer.Drop(layer.AttentionOutput.forward(attended), Config.HiddenDropoutProb)));
        Tensor wide = functional.gelu(layer.FeedForwardIn.forward(x.to(layer.ComputeType)));
        return layer.OutputNorm.forward(x.Plus(layer.Drop(layer.FeedForwardOut.forward(wide), Config.HiddenDropoutProb)));
    }

    private Tensor Asking(EncoderLayer layer, Tensor input) => Heads(layer.Query.forward(input).Times(1 / Math.Sqrt(Config.Shape.HeadWidth)));

    private Tensor Share(EncoderLayer layer, Tensor scores) => layer.Drop(scores.softmax(-1), Config.AttentionProbsDropoutProb).to(layer.ComputeType);

    // (batch, length, width) to (batch, heads, length, width / heads), and back.
    private Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], Config.NumAttentionHeads, -1).transpose(1, 2).contiguous();

    private static Tensor Join(Tensor heads) => heads.transpose(1, 2).reshape(heads.shape[0], heads.shape[2], -1);
}
