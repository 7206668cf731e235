using GenQ.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>Gives a trained T5 another vocabulary.</summary>
internal static class T5Vocabulary
{
    /// <summary>
    /// Makes a T5 of the same layers. A piece that both vocabularies hold keeps its vector; any other begins as the mean of the vectors of the
    /// pieces that spelled it before.
    /// </summary>
    /// <param name="trained">Where the weights come from; its head is tied to the embeddings.</param>
    /// <param name="known">The pieces of <paramref name="trained"/>.</param>
    /// <param name="config">The new network: sizes as those of <paramref name="trained"/>, but for the vocabulary.</param>
    /// <param name="wanted">The new pieces.</param>
    /// <returns>(the new network), the caller's.</returns>
    public static T5Model Exchange(T5Model trained, SentencePieceTokenizer known, T5Config config, SentencePieceTokenizer wanted)
    {
        using IDisposable guard = no_grad();
        T5Model made = new(config);
        using IDisposable scope = NewDisposeScope();
        Dictionary<string, Parameter> weights = trained.named_parameters().ToDictionary(weight => weight.name, weight => weight.parameter);
        foreach ((string name, Parameter parameter) in made.named_parameters())
        {
            if (name != "shared.weight") parameter.copy_(weights[name]);
        }

        Dictionary<string, int> ids = known.Pieces.Index().ToDictionary(piece => piece.Item, piece => piece.Index);
        foreach ((int id, string piece) in wanted.Pieces.Index())
        {
            long[] spelled = ids.TryGetValue(piece, out int same) ? [same] : [.. known.Spell(piece).Select(part => (long)part)];
            if (spelled.Length > 0) made.Embeddings[id] = trained.Embeddings.index_select(0, tensor(spelled)).mean([0]);
        }

        return made;
    }
}
