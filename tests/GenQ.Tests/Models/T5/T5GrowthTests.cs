using GenQ.Models;
using GenQ.Text;
using static TorchSharp.torch;

namespace GenQ.Tests.Models;

public sealed class T5GrowthTests
{
    [Fact]
    public void A_piece_that_both_vocabularies_hold_keeps_its_vector_and_another_is_the_mean_of_those_that_spelled_it()
    {
        SentencePieceTokenizer known = Load(Shared.Golden("checkpoints", "t5-tiny")), wanted = Load(ModelFolder.Resolve("genq-mini-t5"));
        using T5Model trained = T5Model.Load(Shared.Golden("checkpoints", "t5-tiny"));
        using T5Model made = T5Growth.Grow(trained, known, trained.Config with { VocabSize = wanted.VocabularySize }, wanted);
        string[] pieces = [.. wanted.Pieces];
        int same = Array.FindIndex(pieces, piece => piece.Length > 1 && known.Pieces.Contains(piece));
        int other = Array.FindIndex(pieces, piece => !known.Pieces.Contains(piece) && known.Spell(piece).Length == 2);
        Assert.Equal(Row(trained, known.Pieces.ToList().IndexOf(pieces[same])), Row(made, same));
        float[][] spelled = [.. known.Spell(pieces[other]).Select(id => Row(trained, id))];
        Assert.All(Row(made, other).Zip(spelled[0].Zip(spelled[1], (a, b) => (a + b) / 2)), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Dictionary<string, Tensor> weights = trained.named_parameters().ToDictionary(weight => weight.name, weight => (Tensor)weight.parameter);
        Assert.All(made.named_parameters().Where(weight => weight.name != "shared.weight"), weight => Assert.True(weight.parameter.equal(weights[weight.name]).all().item<bool>()));
    }

    [Theory]
    [InlineData(5, 4, 96)]
    [InlineData(2, 3, 64)]
    public void A_grown_network_says_what_the_smaller_one_said_and_every_weight_of_it_learns(int layers, int decoderLayers, int dFf)
    {
        using IDisposable scope = NewDisposeScope();
        SentencePieceTokenizer pieces = Load(Shared.Golden("checkpoints", "t5-tiny"));
        using T5Model trained = T5Model.Load(Shared.Golden("checkpoints", "t5-tiny"));
        T5Config sizes = trained.Config with { NumLayers = layers, NumDecoderLayers = decoderLayers, DFf = Math.Max(dFf, trained.Config.DFf) };
        using T5Model made = T5Growth.Grow(trained, pieces, sizes, pieces);
        made.eval();
        Tensor ids = tensor(new long[,] { { 5, 9, 3, 1 } }), mask = ones(1, 4), labels = tensor(new long[,] { { 7, 4, 1 } });
        Tensor loss = made.Loss(ids, mask, labels);
        Assert.Equal(trained.Loss(ids, mask, labels).item<float>(), loss.item<float>(), 1e-5);
        loss.backward();
        string[] silent = [.. made.named_parameters().Where(weight => weight.name.EndsWith("o.weight", StringComparison.Ordinal)
            && weight.parameter.grad!.count_nonzero().item<long>() == 0).Select(weight => weight.name)];
        Assert.Empty(silent);
    }

    private static SentencePieceTokenizer Load(string folder) => Assert.IsType<SentencePieceTokenizer>(Tokenizer.Load(folder));

    private static float[] Row(T5Model model, int id)
    {
        using IDisposable guard = no_grad();
        return model.Embeddings[id].data<float>().ToArray();
    }
}
