using GenQ.Models;
using GenQ.Text;
using static TorchSharp.torch;

namespace GenQ.Tests.Models;

public sealed class T5VocabularyTests
{
    [Fact]
    public void A_piece_that_both_vocabularies_hold_keeps_its_vector_and_another_is_the_mean_of_those_that_spelled_it()
    {
        SentencePieceTokenizer known = Load(Shared.Golden("checkpoints", "t5-tiny")), wanted = Load(ModelFolder.Resolve("genq-mini-t5"));
        using T5Model trained = T5Model.Load(Shared.Golden("checkpoints", "t5-tiny"));
        using T5Model made = T5Vocabulary.Exchange(trained, known, trained.Config with { VocabSize = wanted.VocabularySize }, wanted);
        string[] pieces = [.. wanted.Pieces];
        int same = Array.FindIndex(pieces, piece => piece.Length > 1 && known.Pieces.Contains(piece));
        int other = Array.FindIndex(pieces, piece => !known.Pieces.Contains(piece) && known.Spell(piece).Length == 2);
        Assert.Equal(Row(trained, known.Pieces.ToList().IndexOf(pieces[same])), Row(made, same));
        float[][] spelled = [.. known.Spell(pieces[other]).Select(id => Row(trained, id))];
        Assert.All(Row(made, other).Zip(spelled[0].Zip(spelled[1], (a, b) => (a + b) / 2)), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Dictionary<string, Tensor> weights = trained.named_parameters().ToDictionary(weight => weight.name, weight => (Tensor)weight.parameter);
        Assert.All(made.named_parameters().Where(weight => weight.name != "shared.weight"), weight => Assert.True(weight.parameter.equal(weights[weight.name]).all().item<bool>()));
    }

    private static SentencePieceTokenizer Load(string folder) => Assert.IsType<SentencePieceTokenizer>(Tokenizer.Load(folder));

    private static float[] Row(T5Model model, int id)
    {
        using IDisposable guard = no_grad();
        return model.Embeddings[id].data<float>().ToArray();
    }
}
