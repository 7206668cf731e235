using GenQ.Compute;
using GenQ.Models;

namespace GenQ.Tests.Models;

public sealed class GeneratedSequenceTests
{
    private const int End = 0;

    // Always 1, 2, 1, 2 where nothing forbids it: of both the one that was not last.
    private static readonly Func<int, float[]> Alternating = last => last == 1 ? [-9, 0, 5, 1] : [-9, 5, 0, 1];

    [Theory]
    [InlineData(0, new[] { 1, 2, 1, 2, 1, 2, 1 })]
    [InlineData(2, new[] { 1, 2, 1, 3, 1, 1, 0 })]
    [InlineData(3, new[] { 1, 2, 1, 2, 3, 1, 2 })]
    public void No_run_of_so_many_tokens_is_written_twice(int ngram, int[] expected)
    {
        DecodingOptions greedy = new() { Method = DecodingMethod.Greedy, Count = 1, MaxLength = 8, NoRepeatNgram = ngram };
        GeneratedSequence sequence = new(0, 0, new CounterRandom(1), 0, words: null);
        while (!sequence.IsFinished) sequence.Choose(Alternating(sequence.Last), 0, greedy, End);
        Assert.Equal(expected, sequence.Tokens);
    }

    [Fact]
    public void A_text_that_may_not_go_on_ends()
    {
        DecodingOptions greedy = new() { Method = DecodingMethod.Greedy, Count = 1, MaxLength = 20, NoRepeatNgram = 1 };
        GeneratedSequence sequence = new(0, 0, new CounterRandom(1), 0, words: null);
        while (!sequence.IsFinished) sequence.Choose([float.NegativeInfinity, 3, 2, 1], 0, greedy, End);
        Assert.Equal([1, 2, 3, End], sequence.Tokens);
    }
}
