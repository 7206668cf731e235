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

    [Theory]
    [InlineData("the os os of it", PairVerdict.Repetitive)]
    [InlineData("the name of The Name", PairVerdict.Repetitive)]
    [InlineData("what did this study show", PairVerdict.NotSelfContained)]
    [InlineData("who wrote the above text", PairVerdict.NotSelfContained)]
    [InlineData("how to study this", PairVerdict.Kept)]
    [InlineData("the name of a name", PairVerdict.Kept)]
    public void A_query_that_repeats_itself_or_points_at_its_passage_is_dropped(string query, PairVerdict verdict)
        => Assert.Equal([verdict], PairFilter.Judge([new(query, "a")]));

    [Fact]
    public void What_is_asked_of_a_passage_without_words_is_empty()
        => Assert.Equal([PairVerdict.Empty, PairVerdict.Kept], PairFilter.Judge([new("what is it", " "), new("what is it", "a")]));
}
