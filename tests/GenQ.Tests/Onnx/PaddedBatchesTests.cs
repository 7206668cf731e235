using GenQ.Onnx;

namespace GenQ.Tests.Onnx;

public sealed class PaddedBatchesTests
{
    [Fact]
    public void Texts_of_like_length_go_together_the_longest_first()
        => Assert.Equal([[1, 3], [0, 4], [2]], PaddedBatches.Of([30, 100, 4, 90, 28], 1000));

    [Fact]
    public void A_batch_filled_up_to_its_longest_text_holds_no_more_tokens_than_it_may()
        => Assert.Equal([[0, 2], [1, 3]], PaddedBatches.Of([10, 9, 10, 9], 20));

    [Fact]
    public void A_text_longer_than_a_batch_goes_alone() => Assert.Equal([[1], [0]], PaddedBatches.Of([8, 10], 5));

    [Fact]
    public void No_texts_make_no_batches() => Assert.Empty(PaddedBatches.Of([], 5));
}
