using System.Globalization;
using System.Text.RegularExpressions;
using GenQ.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>Gives a trained T5 another vocabulary, more layers and a wider feed-forward half.</summary>
/// <remarks>
/// A new layer is a copy of the trained one before it and adds nothing yet, since what it writes to the residual stream is zero; so does a new
/// unit of a feed-forward half. The grown network says at first what the trained one said. Wu et al. 2024, "LLaMA Pro: Progressive LLaMA with
/// Block Expansion", and Chen et al. 2016, "Net2Net".
/// </remarks>
internal static partial class T5Growth
{
    /// <summary>Makes the grown network.</summary>
    /// <param name="trained">Where the weights come from; its head is tied to the embeddings.</param>
    /// <param name="known">The pieces of <paramref name="trained"/>.</param>
    /// <param name="config">The new network: layers and <c>d_ff</c> at least those of <paramref name="trained"/>, width and heads the same.</param>
    /// <param name="wanted">
    /// The new pieces. One that both vocabularies hold keeps its vector; any other begins as the mean of the vectors of the pieces that spelled
    /// it before.
    /// </param>
    /// <returns>(the new network), the caller's.</returns>
    public static T5Model Grow(T5Model trained, SentencePieceTokenizer known, T5Config config, SentencePieceTokenizer wanted)
    {
        using IDisposable guard = no_grad();
        T5Model made = new(config);
        made.Initialize();
        using IDisposable scope = NewDisposeScope();
        Dictionary<string, Parameter> weights = trained.named_parameters().ToDictionary(weight => weight.name, weight => weight.parameter);
        foreach ((string name, Parameter parameter) in made.named_parameters().Where(weight => weight.name != "shared.weight"))
        {
            (string source, bool isNew) = Source(name, trained, made);
            bool writes = name.EndsWith(".o.weight", StringComparison.Ordinal) || name.EndsWith(".wo.weight", StringComparison.Ordinal);
            if (writes) parameter.zero_();
            if (!writes || !isNew) Corner(parameter, weights[source]).copy_(weights[source]);
        }

        // Rows that no piece owns stay as unlikely as they were.
        long rows = Math.Min(made.Embeddings.shape[0], trained.Embeddings.shape[0]);
        made.Embeddings.narrow(0, 0, rows).copy_(trained.Embeddings.narrow(0, 0, rows));
        Dictionary<string, int> ids = known.Pieces.Index().ToDictionary(piece => piece.Item, piece => piece.Index);
        foreach ((int id, string piece) in wanted.Pieces.Index())
        {
            long[] spelled = ids.TryGetValue(piece, out int same) ? [same] : [.. known.Spell(piece).Select(part => (long)part)];
            if (spelled.Length > 0) made.Embeddings[id] = trained.Embeddings.index_select(0, tensor(spelled)).mean([0]);
        }

        return made;
    }

    // The trained layers stand evenly among the new ones: of 3 in 5, new layer 0 is old 0, new 1 its silent copy, new 2 old 1, and so on.
    private static (string Name, bool IsNew) Source(string name, T5Model trained, T5Model made)
    {
        Match block = BlockNumber().Match(name);
        if (!block.Success) return (name, false);
        bool decodes = name.StartsWith("decoder.", StringComparison.Ordinal);
        int before = Layers(trained, decodes), now = Layers(made, decodes);
        int layer = int.Parse(block.Value, CultureInfo.InvariantCulture);
        int source = layer * before / now;
        bool isNew = layer > 0 && (layer - 1) * before / now == source;
        return (BlockNumber().Replace(name, source.ToString(CultureInfo.InvariantCulture), 1), isNew);
    }

    private static int Layers(T5Model model, bool decodes) => (decodes ? model.Decoder : model.Encoder).Blocks.Count;

    // The part of a matrix that the smaller one fills.
    private static Tensor Corner(Tensor matrix, Tensor filled)
        => filled.shape.Index().Aggregate(matrix, (part, size) => part.narrow(size.Index, 0, size.Item));

    [GeneratedRegex(@"(?<=\.block\.)\d+")]
    private static partial Regex BlockNumber();
}
