using GenQ.Data;
using GenQ.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// Fills an MPNet, or a BERT of fewer layers, with what a BERT knows. An MPNet is a BERT whose scores get a bias of distance, whose positions begin
/// behind the padding, and which has no token types: with a bias of zero and the vector of token type 0 in each position the two say the same of
/// every token.
/// </summary>
internal static class LayerTransfer
{
    // Rows of an MPNet's positions that hold none.
    private const int PositionOffset = 2;

    /// <summary>What BERT calls the special tokens that MPNet has names of its own for.</summary>
    public static IReadOnlyDictionary<string, string> SpecialWords { get; } = new Dictionary<string, string>
    {
        ["<s>"] = "[CLS]",
        ["</s>"] = "[SEP]",
        ["<pad>"] = "[PAD]",
        ["<mask>"] = "[MASK]",
        ["<unk>"] = "[UNK]",
    };

    /// <summary>
    /// Takes over layers, positions and the norm of the embeddings; words are the caller's. Where the feed-forward halves are narrower, the units
    /// whose weights have the largest product of norms, inwards and outwards, are kept.
    /// </summary>
    /// <param name="source">A BERT.</param>
    /// <param name="target">An MPNet or a BERT of as many heads and columns, no deeper, no wider inside and no longer. It takes the first layers.</param>
    /// <param name="name">What messages call the source.</param>
    /// <exception cref="GenQException">One of the two is of another family, or the sizes do not agree.</exception>
    public static void Copy(EncoderNetwork source, EncoderNetwork target, string name)
    {
        if (source is not BertEncoder || target is not (MpnetEncoder or BertEncoder))
        {
            throw new GenQException(
                $"Layers can be taken from a BERT (MiniLM is one) to an MPNet or a BERT, but '{name}' is a {source.GetType().Name} and the new network a "
                + $"{target.GetType().Name}: leave them out, or take another teacher or config.json.");
        }

        EncoderShape from = source.Shape, to = target.Shape;
        bool agree = (from.HiddenSize, from.Heads) == (to.HiddenSize, to.Heads);
        if (!agree || to.Layers > from.Layers || to.InnerSize > from.InnerSize || target.MaxLength > source.MaxLength)
        {
            throw new GenQException(
                $"'{name}' has {Sizes(source)}, the new network {Sizes(target)}: to take its layers over, width and heads must be the same and the "
                + "others no larger. Change the new network's config.json; an MPNet's max_position_embeddings counts two more than there are positions.");
        }

        using IDisposable scope = NewDisposeScope();
        Dictionary<string, Parameter> known = ByName(source), own = ByName(target);
        Tensor positions = known["embeddings.position_embeddings.weight"].narrow(0, 0, target.MaxLength);
        Tensor types = known["embeddings.token_type_embeddings.weight"];
        own["embeddings.LayerNorm.weight"].copy_(known["embeddings.LayerNorm.weight"]);
        own["embeddings.LayerNorm.bias"].copy_(known["embeddings.LayerNorm.bias"]);
        if (target is MpnetEncoder)
        {
            own["embeddings.position_embeddings.weight"].narrow(0, PositionOffset, target.MaxLength).copy_(positions.Plus(types.narrow(0, 0, 1)));
            nn.init.zeros_(own["encoder.relative_attention_bias.weight"]);
        }
        else
        {
            own["embeddings.position_embeddings.weight"].copy_(positions);
            own["embeddings.token_type_embeddings.weight"].copy_(types.narrow(0, 0, own["embeddings.token_type_embeddings.weight"].shape[0]));
        }

        foreach ((EncoderLayer given, EncoderLayer layer) in source.Layers.Zip(target.Layers)) Copy(given, layer, to.InnerSize);
    }

    private static void Copy(EncoderLayer given, EncoderLayer layer, int units)
    {
        Tensor inward = given.FeedForwardIn.weight!, outward = given.FeedForwardOut.weight!;

        // In their old order, so that nothing moves where all are kept.
        Tensor kept = (inward.norm(1) * outward.norm(0)).topk(units).indexes.sort().Values;
        layer.FeedForwardIn.weight!.copy_(inward.index_select(0, kept));
        layer.FeedForwardIn.bias!.copy_(given.FeedForwardIn.bias!.index_select(0, kept));
        layer.FeedForwardOut.weight!.copy_(outward.index_select(1, kept));
        layer.FeedForwardOut.bias!.copy_(given.FeedForwardOut.bias!);
        foreach ((Linear from, Linear to) in (ReadOnlySpan<(Linear, Linear)>)
            [(given.Query, layer.Query), (given.Key, layer.Key), (given.Value, layer.Value), (given.AttentionOutput, layer.AttentionOutput)])
        {
            to.weight!.copy_(from.weight!);
            to.bias!.copy_(from.bias!);
        }

        foreach ((LayerNorm from, LayerNorm to) in (ReadOnlySpan<(LayerNorm, LayerNorm)>)
            [(given.AttentionNorm, layer.AttentionNorm), (given.OutputNorm, layer.OutputNorm)])
        {
            to.weight!.copy_(from.weight!);
            to.bias!.copy_(from.bias!);
        }
    }

    private static Dictionary<string, Parameter> ByName(EncoderNetwork network) => network.named_parameters().ToDictionary(p => p.name, p => p.parameter);

    private static string Sizes(EncoderNetwork network) => $"{network.Shape.Layers} layers of width {network.Shape.HiddenSize}, {network.Shape.Heads} heads, "
        + $"{network.Shape.InnerSize} feed-forward units and {network.MaxLength} positions";
}
