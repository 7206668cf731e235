using GenQ.Bench;
using GenQ.Models;

namespace GenQ.Tests.Bench;

public sealed class OperationsTests
{
    // One layer of width 2 and inner width 3 over 5 tokens: four products of 2 x 2 and two of 2 x 3 for each token, and scores and
    // sums of 5 x 5 x 2. A multiplication with its addition counts as two.
    [Fact]
    public void An_encoder_counts_its_products_over_real_tokens()
        => Assert.Equal((5 * (4 * 4 + 2 * 6) + 2 * 5 * 5 * 2) * 2, Operations.Encoder(2, 3, 1, [5]));

    // Reading 4 tokens: 4 products of 2 x 2, two of 2 x 3 each, attention 4 x 4 x 2 twice; keys and values of them for the decoder. Writing 2 tokens for 1 row:
    // self-attention's four products, cross-attention's two, two of 2 x 3, attention over 1 and 2 tokens and over 4, and the head of 2 x 7.
    [Fact]
    public void A_T5_counts_reading_once_and_writing_for_each_row_and_token()
    {
        T5Config config = new() { DModel = 2, NumHeads = 1, DKv = 2, DFf = 3, NumLayers = 1, VocabSize = 7 };
        double read = 4 * (4 * 4 + 2 * 6) + 2 * 4 * 4 * 2, kept = 4 * 2 * 4;
        double written = 2 * (6 * 4 + 2 * 6 + 2 * 4 * 2 + 14) + 2 * 1 * 2 + 2 * 2 * 2;
        Assert.Equal((read + kept + written) * 2, Operations.T5(config, [4], rows: 1, tokens: 2));
    }
}
