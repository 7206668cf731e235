using GenQ.Data;
using GenQ.Filtering;

namespace GenQ.Tests.Filtering;

public sealed class FilterFileTests
{
    private static readonly QueryPassagePair[] Pairs = [new("what is it", "a"), new("", "a"), new("what is it", "a"), new("where is it", "a")];

    [Fact]
    public void The_verdicts_on_disk_say_which_pairs_are_kept()
    {
        using TemporaryFolder folder = new();
        RunFolder run = new(folder.Path);
        FilteredPairs[] groups = FilterFile.Write(run, Pairs);
        Assert.Equal(["2 of 4 pairs Kept, as in \"what is it\", \"where is it\"", "1 of 4 pairs Empty, where nothing good enough was written", "1 of 4 pairs Duplicate, as in \"what is it\""], groups.Select(group => group.ToString()));
        Assert.Equal([Pairs[0], Pairs[3]], FilterFile.Keep(run.Filter, Pairs));
        Assert.Contains("\"verdict\": \"Duplicate\"", File.ReadAllText(run.FilterSummary), StringComparison.Ordinal);
    }

    [Fact]
    public void A_query_that_does_not_find_its_passage_is_dropped_and_one_with_another_fault_is_not_looked_for()
    {
        using TemporaryFolder folder = new();
        RunFolder run = new(folder.Path);
        IReadOnlyList<QueryPassagePair> looked = [];
        FilteredPairs[] groups = FilterFile.Write(run, Pairs, rank: 3, find: sound =>
        {
            looked = sound;
            return [4, 3];
        });
        Assert.Equal([Pairs[0], Pairs[3]], looked);
        Assert.Equal([Pairs[3]], FilterFile.Keep(run.Filter, Pairs));
        Assert.Equal("""{"pair":0,"verdict":"NotFound","score":4}""", File.ReadLines(run.Filter).First());
        Assert.Contains("1 of 4 pairs NotFound, as in \"what is it\"", groups.Select(group => group.ToString()));
    }

    [Theory]
    [InlineData(3, "more")]
    [InlineData(5, "fewer")]
    public void Verdicts_on_other_pairs_are_refused(int pairs, string word)
    {
        using TemporaryFolder folder = new();
        RunFolder run = new(folder.Path);
        FilterFile.Write(run, Pairs);
        QueryPassagePair[] others = [.. Enumerable.Range(0, pairs).Select(i => new QueryPassagePair($"what is {i}", "b"))];
        GenQException error = Assert.Throws<GenQException>(() => FilterFile.Keep(run.Filter, others).ToArray());
        Assert.Contains($"judges {word} pairs than there are now", error.Message, StringComparison.Ordinal);
    }
}
