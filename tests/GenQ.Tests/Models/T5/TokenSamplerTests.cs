using GenQ.Models;
using static TorchSharp.torch;

namespace GenQ.Tests.T5;

public sealed class TokenSamplerTests
{
    [Theory]
    [InlineData("t1.0_k50_p0.95", 1.0, 50, 0.95)]
    [InlineData("t1.0_k10_p1.0", 1.0, 10, 1.0)]
    [InlineData("t0.7_k25_p0.95", 0.7, 25, 0.95)]
    [InlineData("t1.3_k0_p0.9", 1.3, 0, 0.9)]
    [InlineData("t1.0_k50_p0.1", 1.0, 50, 0.1)]
    public void Candidates_have_the_probabilities_of_the_reference(string name, double temperature, int topK, double topP)
    {
        using IDisposable scope = NewDisposeScope();
        Dictionary<string, Tensor> golden = TensorFile.Read(Shared.Golden("sampling", "warpers.safetensors"));
        Tensor logits = golden["logits"], expected = golden[$"probabilities_{name}"];
        for (int row = 0; row < logits.shape[0]; row++)
        {
            float[] scores = logits[row].data<float>().ToArray(), want = expected[row].data<float>().ToArray(), got = new float[want.Length];
            foreach ((int token, float probability) in TokenSampler.Candidates(scores, temperature, topK, topP)) got[token] = probability;

            // The reference sorts unstably: which of several equal logits goes first is the processor's choice. So tokens
            // with equal logits are compared as a group.
            int[] byWant = [.. Enumerable.Range(0, want.Length).OrderBy(i => scores[i]).ThenBy(i => want[i])];
            int[] byGot = [.. Enumerable.Range(0, want.Length).OrderBy(i => scores[i]).ThenBy(i => got[i])];
            foreach ((int w, int g) in byWant.Zip(byGot))
            {
                Assert.Equal(want[w], got[g], 1e-6);
                Assert.True((want[w] == 0) == (got[g] == 0), $"row {row}, token {g}: {got[g]} for {want[w]}");
            }
        }
    }

    [Theory]
    [InlineData(0.0, 2)]
    [InlineData(0.49, 2)]
    [InlineData(0.51, 0)]
    [InlineData(0.999, 1)]
    public void A_draw_falls_where_the_cumulative_probability_says(double uniform, int token)
    {
        List<TokenSampler.Candidate> candidates = [new(2, 0.5f), new(0, 0.3f), new(1, 0.2f)];
        Assert.Equal(token, TokenSampler.Draw(candidates, uniform));
    }

    [Fact]
    public void A_top_k_beyond_the_vocabulary_keeps_all_of_it()
        => Assert.Equal([1, 2, 0], TokenSampler.Candidates([1f, 3f, 2f], 1, int.MaxValue, 1).Select(candidate => candidate.Token));

    [Fact]
    public void The_first_among_equals_is_the_best() => Assert.Equal(1, TokenSampler.Best([0f, 5f, 5f, -1f]));
}
