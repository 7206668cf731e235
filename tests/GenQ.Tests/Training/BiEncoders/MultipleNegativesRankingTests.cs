using GenQ.Tests.Encoders;
using GenQ.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Tests.Training;

public sealed class MultipleNegativesRankingTests
{
    [Fact]
    public void Loss_and_gradients_are_those_of_the_reference()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor queries = tensor(new double[,] { { 1, 0, .5 }, { 0, 1, -.5 }, { 1, 1, 0 } }, requires_grad: true);
        Tensor passages = tensor(new double[,] { { .9, .1, .4 }, { .1, .8, -.6 }, { .7, 1.1, .2 } }, requires_grad: true);
        Tensor loss = MultipleNegativesRanking.Loss(queries, passages);
        Assert.Equal(0.003496718628709254, loss.item<double>(), 1e-12);
        loss.backward();
        AssertGradient(queries, new[,] { { 1.8e-5, 5.24e-4, -3.6e-5 }, { .006241, .004444, .008888 }, { .016086, -.016086, .00325 } });
        AssertGradient(passages, new[,] { { .002574, .028315, -.01287 }, { .007146, -9.6e-5, .001064 }, { -.011843, .00766, -.000679 } });
    }

    [Theory]
    [InlineData(24, 3.1780538)]
    [InlineData(64, 4.1588831)]
    public void Texts_that_all_look_alike_lose_the_logarithm_of_the_batch(int batch, double expected)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor same = ones(batch, 8);
        Assert.Equal(expected, MultipleNegativesRanking.Loss(same, same * 3).item<float>(), 1e-5);
    }

    [Fact]
    public void Passages_that_belong_to_no_query_make_it_harder()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor queries = eye(2), passages = eye(2);
        double alone = MultipleNegativesRanking.Loss(queries, passages, scale: 1).item<float>();
        Tensor more = cat([passages, tensor(new float[,] { { 1, 1 } })], 0);
        Assert.Equal(Math.Log(1 + Math.Exp(-1)), alone, 1e-6);
        double harder = MultipleNegativesRanking.Loss(queries, more, scale: 1).item<float>();
        Assert.Equal(Math.Log(1 + Math.Exp(-1) + Math.Exp(Math.Sqrt(.5) - 1)), harder, 1e-6);
    }

    [Fact]
    public void A_passage_may_have_several_queries()
    {
        using DisposeScope scope = NewDisposeScope();

        // Two queries of the first passage, the second of which points away from it.
        Tensor queries = tensor(new float[,] { { 1, 0 }, { 0, 1 }, { 0, 2 } }), passages = eye(2);
        double right = Math.Log(1 + Math.Exp(-1)), wrong = Math.Log(1 + Math.Exp(1));
        Assert.Equal((right + wrong + right) / 3, MultipleNegativesRanking.Loss(queries, passages, tensor([0L, 0, 1]), scale: 1).item<float>(), 1e-6);
    }

    [Fact]
    public void With_wanted_scores_the_loss_is_the_divergence_from_their_softmax()
    {
        using DisposeScope scope = NewDisposeScope();

        // The cosines are 1 and 0; wanted are equal chances for the first query and 3 to 1 for the second.
        Tensor wanted = tensor(new float[,] { { 5, 5 }, { 0, MathF.Log(3) } });
        double likely = Math.E / (Math.E + 1), unlikely = 1 / (Math.E + 1);
        double first = .5 * Math.Log(.5 / likely) + .5 * Math.Log(.5 / unlikely), second = .25 * Math.Log(.25 / unlikely) + .75 * Math.Log(.75 / likely);
        Assert.Equal((first + second) / 2, MultipleNegativesRanking.Loss(eye(2), eye(2), wanted, scale: 1).item<float>(), 1e-6);
    }

    [Fact]
    public void What_finds_as_wanted_has_no_loss_and_wanting_a_passage_alone_is_the_loss_without_wanted_scores()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor queries = tensor(new float[,] { { 1, 0 }, { .6f, .8f } }), passages = tensor(new float[,] { { .8f, .6f }, { 0, 1 } });
        Tensor own = MultipleNegativesRanking.Scores(queries, passages);
        Assert.Equal(0, MultipleNegativesRanking.Loss(queries, passages, own + 7).item<float>(), 1e-6);
        double hard = MultipleNegativesRanking.Loss(queries, passages).item<float>();
        Assert.Equal(hard, MultipleNegativesRanking.Loss(queries, passages, eye(2) * 1000).item<float>(), 1e-6);
    }

    private static void AssertGradient(Tensor parameter, double[,] expected)
        => EncoderGolden.AssertClose(tensor(expected), parameter.grad!, 1e-6);
}
