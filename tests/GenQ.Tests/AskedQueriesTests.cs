using GenQ.Data;

namespace GenQ.Tests;

public sealed class AskedQueriesTests
{
    [Fact]
    public void The_third_that_has_the_fewest_words_of_its_passage_is_asked_and_no_spans()
    {
        using TemporaryFolder folder = new();
        RunFolder run = new(folder.Path);
        const string passage = "The pump is oiled every week.";
        QueryPassagePair[] pairs =
        [
            new("the pump is oiled", passage), new("when to grease it", passage), new("pump oiled week", passage), new("is the lubrication regular", passage),
            new("every week", passage), new("the oiled pump", passage), new("quite other words", passage),
        ];
        PairFiles.Write(run.Pairs, 0, pairs, [.. pairs.Select((_, i) => new PairOrigin("p", i, i == pairs.Length - 1 ? PairKind.Cropped : PairKind.Generated, null))]);
        Assert.Equal(["when to grease it", "is the lubrication regular"], AskedQueries.Of(run));
    }

    [Fact]
    public void A_run_without_pairs_asks_nothing()
    {
        using TemporaryFolder folder = new();
        Assert.Empty(AskedQueries.Of(new RunFolder(folder.Path)));
    }
}
