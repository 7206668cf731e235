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
            Verdicts(pairs));
    }

    [Theory]
    [InlineData("the os os of it", PairVerdict.Repetitive)]
    [InlineData("the name of The Name", PairVerdict.Repetitive)]
    [InlineData("what did this study show", PairVerdict.NotSelfContained)]
    [InlineData("who wrote the above text", PairVerdict.NotSelfContained)]
    [InlineData("the top of the box of the pump", PairVerdict.Kept)]
    [InlineData("how to study this", PairVerdict.Kept)]
    [InlineData("the name of a name", PairVerdict.Kept)]
    public void A_query_that_repeats_itself_or_points_at_its_passage_is_dropped(string query, PairVerdict verdict)
        => Assert.Equal([verdict], Verdicts([new(query, "a")]));

    [Fact]
    public void What_is_asked_of_a_passage_without_words_is_empty()
        => Assert.Equal([PairVerdict.Empty, PairVerdict.Kept], Verdicts([new("what is it", " "), new("what is it", "a")]));

    [Fact]
    public void A_stretch_of_the_passage_is_copied_unless_queries_may_be_that()
    {
        const string Passage = "Before the first start the valve under the tank must be opened by hand.";
        QueryPassagePair[] pairs = [new("the valve under the tank must be opened", Passage), new("how is the valve under the tank opened before the start", Passage)];
        Assert.Equal([new(PairVerdict.Copied, 8), new(PairVerdict.Kept, null)], PairFilter.Judge(pairs));
        Assert.Equal([PairVerdict.Kept, PairVerdict.Kept], PairFilter.Judge(pairs, mayCopy: true).Select(judged => judged.Verdict));
    }

    [Fact]
    public void What_an_earlier_query_of_the_passage_says_is_a_near_duplicate_and_its_score_the_share_of_common_words()
    {
        QueryPassagePair[] pairs = [new("how often is the oil of the pump changed", "a"), new("how often is the oil of the pump changed here", "a"), new("who changes the oil", "a"), new("how often is the oil of the pump changed here", "b")];
        Assert.Equal([new(PairVerdict.Kept, null), new(PairVerdict.NearDuplicate, 8.0 / 9), new(PairVerdict.Kept, null), new(PairVerdict.Kept, null)], PairFilter.Judge(pairs));
    }

    private static IEnumerable<PairVerdict> Verdicts(IEnumerable<QueryPassagePair> pairs) => PairFilter.Judge(pairs).Select(judged => judged.Verdict);
}
