using GenQ.Data;
using GenQ.Filtering;

namespace GenQ.Tests.Filtering;

public sealed class RoundTripTests
{
    private static readonly Passage[] Corpus =
    [
        new("1", "The otter eats fish and crabs.", "Otters"),
        new("2", "The heron eats fish and frogs."),
        new("3", "A lock lifts the boats of the canal."),
    ];

    [Fact]
    public void A_query_finds_its_passage_among_as_many_results_as_are_asked_for()
    {
        QueryPassagePair[] pairs =
        [
            new("what does the otter eat", Corpus[0].SearchText),
            new("who eats frogs and fish", Corpus[0].SearchText),
            new("who built the bridge", Corpus[2].SearchText),
        ];
        Assert.Equal([true, false, false], RoundTrip.Finds(pairs, Corpus, top: 1));
        Assert.Equal([true, true, false], RoundTrip.Finds(pairs, Corpus, top: 2));
    }

    [Fact]
    public void It_stops_when_it_is_told_to()
        => Assert.Throws<OperationCanceledException>(() => RoundTrip.Finds([new("what does the otter eat", Corpus[0].SearchText)], Corpus, 1, new CancellationToken(canceled: true)));

    [Fact]
    public void A_passage_of_several_lines_is_found_by_its_line_in_the_file_of_pairs()
    {
        Passage[] corpus = [new("1", "The otter\n\neats fish."), Corpus[2]];
        using TemporaryFolder folder = new();
        PairFiles.Write(folder.Path, 0, [new("what does the otter eat", corpus[0].SearchText)], [new PairOrigin("1", 0, PairKind.Cropped, null)]);
        Assert.Equal([true], RoundTrip.Finds([.. PairFiles.Read(folder.Path)], corpus, top: 1));
    }

    [Fact]
    public void Only_pairs_that_were_kept_till_then_can_be_lost()
    {
        using TemporaryFolder folder = new();
        QueryPassagePair[] pairs = [new("what is it", "a"), new("", "a"), new("where is it", "a")];
        FilterFile.Write(new RunFolder(folder.Path), pairs, [true, false, false]);
        Assert.Equal([pairs[0]], FilterFile.Keep(new RunFolder(folder.Path).Filter, pairs));
        string[] verdicts = [.. JsonLine.Read(new RunFolder(folder.Path).Filter).Select(line => line.Text("verdict")!)];
        Assert.Equal(["Kept", "Empty", "Lost"], verdicts);
    }
}
