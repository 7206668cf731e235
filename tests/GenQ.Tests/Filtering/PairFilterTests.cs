using GenQ.Data;
using GenQ.Filtering;

namespace GenQ.Tests.Filtering;

public sealed class PairFilterTests
{
    [Fact]
    public void Empty_single_and_repeated_queries_are_dropped_within_their_passage()
    {
        QueryPassagePair[] pairs =
        [
            new("what is it", "a"), new("  ", "a"), new("it", "a"), new("What  is it", "a"), new("what was it", "a"), new("what is it", "b"),
        ];
        Assert.Equal(
            [PairVerdict.Kept, PairVerdict.Empty, PairVerdict.OneWord, PairVerdict.Duplicate, PairVerdict.Kept, PairVerdict.Kept],
            PairFilter.Judge(pairs));
    }

    [Fact]
    public void What_is_asked_of_a_passage_without_words_is_empty()
        => Assert.Equal([PairVerdict.Empty, PairVerdict.Kept], PairFilter.Judge([new("what is it", " "), new("what is it", "a")]));
}
