using GenQ.Compute;
using GenQ.Data;
using GenQ.Filtering;

namespace GenQ.Tests.Filtering;

public sealed class RoundTripTests
{
    private static readonly Passage[] Passages =
        [.. new[] { "pump oil weekly", "valve spring broken", "crane hook weight", "boiler lamp red", "gasket ring leak" }.Select((text, i) => new Passage($"{i}", text))];

    [Fact]
    public void A_query_is_found_where_its_passage_is_among_the_best_and_not_where_another_answers_it()
    {
        using TemporaryFolder folder = new();
        QueryPassagePair[] pairs =
        [
            new("crane hook weight", "crane hook weight"),
            new("crane hook weight", "pump oil weekly"),
            new("boiler lamp red", "boiler lamp red"),
            new("boiler lamp red", "of no passage of the run"),
        ];
        Assert.Equal([true, false, true, true], Find(folder, 1, pairs));
        Assert.Equal([true, true, true, true], Find(folder, Passages.Length, pairs));
    }

    [Fact]
    public void A_passage_that_stands_twice_in_the_corpus_is_found_by_either()
    {
        using TemporaryFolder folder = new();
        Passage[] twice = [new("twin", "pump oil weekly"), .. Passages];
        Assert.Equal([true], Find(folder, 1, [new("pump oil weekly", "pump oil weekly")], twice));
    }

    private static bool[] Find(TemporaryFolder folder, int rank, QueryPassagePair[] pairs, Passage[]? passages = null)
    {
        GenQSettings settings = new() { Base = Shared.Golden("checkpoints", "mpnet-tiny"), Precision = Precision.Fp32 };
        return RoundTrip.Find(new RunFolder(folder["run"]), settings, rank, passages ?? Passages, pairs, progress: null, CancellationToken.None);
    }
}
