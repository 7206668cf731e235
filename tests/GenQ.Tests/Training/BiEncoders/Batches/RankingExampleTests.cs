using GenQ.Data;
using GenQ.Training;

namespace GenQ.Tests.Training;

public sealed class RankingExampleTests
{
    private static readonly QueryPassagePair[] Pairs = [new("a", "one"), new("b", "two"), new("c", "one"), new("d", "one"), new("e", "two"), new("f", "one")];

    [Theory]
    [InlineData(1, "a|b|c|d|e|f")]
    [InlineData(2, "a c|b e|d f")]
    [InlineData(3, "a c d|b e|f")]
    [InlineData(8, "a c d f|b e")]
    public void Up_to_so_many_queries_of_a_passage_stand_together(int together, string expected)
    {
        RankingExample[] examples = RankingExample.Of(Pairs, together);
        Assert.Equal(expected, string.Join('|', examples.Select(example => string.Join(' ', example.Queries))));
        Assert.All(examples, example => Assert.All(example.Queries, query => Assert.Contains(new QueryPassagePair(query, example.Passage), Pairs)));
    }
}
